"""The wire view's ES module on a plain page: a model of five lines, no Jupyter, no network."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="a browser is driven by playwright")

from playwright.sync_api import expect, sync_playwright

from labs.diagram import diagram
from labs.journal import Ended, Fault, Journal, Note, Opened, Sent
from labs.messages import wire
from labs.widgets.wire import read

from .until import until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
REQUEST = (
    b"GET / HTTP/1.1\r\nHost: auction:8765\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
HELLO = bytes.fromhex("818537fa213d7f9f4d5158")  # RFC 6455, 5.7: a masked "Hello"


def journal():
    """An open, a text, and a ping that a cut swallows."""
    there, back = ("bidder", "auction"), ("auction", "bidder")
    events = (
        Opened(0.0, 1, *there, 8765, 0.05),
        Sent(0.05, 1, *there, REQUEST, 0.075),
        Sent(0.075, 1, *back, ANSWER, 0.1),
        Sent(0.1, 1, *there, HELLO, 0.125),
        Fault(2.0, "cut", there, None, "nothing gets through, nobody is told"),
        Note(3.0, "bidder", "still reads open"),
        Sent(20.075, 1, *back, bytes.fromhex("890401020304"), None, "the run ended first"),
        Ended(40.075, 1, *back, "FIN", None),
    )
    return Journal(events, there, 50.0)


PAGE = """
<!doctype html><meta name="viewport" content="width=device-width"><style>CSS</style>
<body style="margin:8px"><div id="one"></div><div id="two"></div>
<script type="module">
  const url = URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
  const { default: view } = await import(url);
  const model = (values) => ({ get: (name) => values[name], on() {}, off() {} });
  const values = VALUES;
  window.stop = view.render({ model: model(values), el: document.querySelector("#one") });
  view.render({ model: model({ ...values, compact: true }), el: document.querySelector("#two") });
</script>
"""


def html():
    """The page with the module, its styles and one run in it."""
    seen = journal()
    noticed = ["noticed: a blocking call in line 7"]
    values = {"wire": wire(seen), "svg": diagram(seen).svg(), "noticed": noticed}
    filled = PAGE.replace("CSS", read("wire_view.css"))
    filled = filled.replace("SOURCE", json.dumps(read("wire_view.js")))
    return filled.replace("VALUES", json.dumps(values))


@pytest.fixture(scope="module")
def chromium():
    """Debian's own Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens the page with the given screen; its errors fail the test."""
    pages, errors = [], []

    def opened(**screen):
        page = chromium.new_page(**screen)
        pages.append(page)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "request",
            lambda request: errors.append(request.url) if "http" in request.url[:4] else None,
        )
        page.set_content(html())
        page.locator("#two svg").first.wait_for()
        return page

    yield opened
    for page in pages:
        page.close()
    assert errors == []


def stands_at(page, words):
    """Waits until the line that says where the reader is begins with these words."""
    expect(page.locator(".hls-now")).to_have_text(re.compile(f"^{words}"))


def narrow(page, view):
    """Waits until the view shows the picture for a phone, and that one only."""
    expect(page.locator(f"{view} svg svg.phone")).to_be_visible()
    expect(page.locator(f"{view} svg svg.wide")).to_be_hidden()


def press(page, *keys):
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def choose(page, name):
    """Open the list of events and click the one of that name."""
    page.get_by_role("button", name="Next event").click()
    page.locator(".hls-events button", has_text=name).first.click()


def test_stepping_by_keyboard(open_page):
    """Arrows, Home and End step; the list, the picture and the status agree on where."""
    page = open_page()
    page.locator(".hls-wire").first.focus()
    press(page, "ArrowRight")
    stands_at(page, "Event 1 of ")
    press(page, "ArrowDown", "ArrowRight", "ArrowLeft")
    stands_at(page, "Event 2 of ")
    press(page, "End")
    stands_at(page, r"Event (\d+) of \1\b")
    last = page.locator("[aria-current=step] .hls-number").text_content()
    expect(page.locator(".hls-now")).to_contain_text(last)
    press(page, "Home")
    expect(page.locator(".hls-now")).to_contain_text("Step with")


def test_a_frame_bit_by_bit(open_page):
    """A frame shows its fields with their bits, its bytes in hexadecimal, and lights them up."""
    page = open_page()
    choose(page, "text")
    for part in ("FIN", "opcode", "37 fa 21 3d"):
        expect(page.locator(".hls-fields")).to_contain_text(part)
    expect(page.locator(".hls-hex")).to_contain_text("81 85 37 fa 21 3d 7f 9f")
    page.locator(".hls-fields tr", has_text="masking key").hover()
    expect(page.locator(".hls-hex .hls-lit")).to_have_text(["37", "fa", "21", "3d"])


def test_a_head_line_by_line(open_page):
    """An HTTP message shows its head, one line a header."""
    page = open_page()
    choose(page, "GET / HTTP/1.1")
    line = re.compile("^Sec-WebSocket-Version: 13$", re.MULTILINE)
    expect(page.locator(".hls-head")).to_have_text(line, use_inner_text=True)


def test_belief_of_each_machine(open_page):
    """At the chosen event each machine's latest belief stands beside its name."""
    page = open_page()
    page.locator(".hls-wire").first.focus()
    press(page, "ArrowRight", "ArrowRight")
    expect(page.locator(".hls-beliefs li")).to_have_text(["bidder connecting"])
    press(page, "End")
    expect(page.locator(".hls-beliefs li")).to_have_count(2)


def test_later_events_are_dimmed(open_page):
    """The picture shows what has happened so far; a click in it chooses the event."""
    page = open_page()
    later = page.locator("#one svg .later")
    expect(later).to_have_count(0)
    page.locator("#one svg svg.wide g[data-number='1']").last.click()
    stands_at(page, "Event 1 of ")
    expect(later).not_to_have_count(0)


def test_play_and_pause(open_page):
    """The space bar plays at the chosen speed, pauses, and playing stops at the end by itself."""
    page = open_page()
    page.clock.install(time=0)
    page.set_content(html())
    page.locator("#two svg").first.wait_for()
    page.clock.pause_at(3600)  # from here on only `run_for` moves it
    page.get_by_label("Speed").select_option("2 a second")
    page.locator(".hls-wire").first.focus()
    press(page, " ")
    page.clock.run_for(1100)
    stands_at(page, "Event 2 of ")
    press(page, " ")
    page.clock.run_for(5000)
    stands_at(page, "Event 2 of ")
    press(page, " ")
    page.clock.run_for(60_000)
    expect(page.get_by_role("button", name="Play")).to_have_text("Play")
    expect(page.get_by_role("button", name="Next event")).to_be_disabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_reader(open_page, scheme):
    """Light or dark as the reader's system has it, inside the picture too; a page may overrule."""
    page = open_page(color_scheme=scheme)
    ground = (
        "getComputedStyle(document.querySelector('#one .hls-picture').shadowRoot"
        ".querySelector('rect.g')).fill"
    )
    light, dark = "rgb(255, 255, 255)", "rgb(16, 21, 31)"
    until(page, f"{ground} === '{dark if scheme == 'dark' else light}'")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.locator("#one .hls-wire[data-scheme=dark]").wait_for()
    until(page, f"{ground} === '{dark}'")


def test_on_a_phone(open_page):
    """At 390 px the narrow picture is shown and nothing makes the page scroll sideways."""
    page = open_page(viewport={"width": 390, "height": 844})
    choose(page, "text")
    expect(page.locator(".hls-fields")).to_be_visible()
    narrow(page, "#one")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_hidden_view_remembers_how_wide_it_is(open_page):
    """Colours that change while a narrow view is hidden do not make its picture wide."""
    page = open_page(viewport={"width": 1000, "height": 844})
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#two svg svg.phone").wait_for()
    page.evaluate("document.querySelector('#two').style.display = 'none'")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.locator("#one .hls-wire[data-scheme=dark]").wait_for()
    page.evaluate("document.querySelector('#two').style.display = 'block'")
    narrow(page, "#two")


def test_cleanup_leaves_nothing(open_page):
    """What `render` returned takes the view away again, and nothing follows the page any more."""
    page = open_page()
    page.evaluate("window.stop()")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(page.locator("#one > *")).to_have_count(0)


def test_what_was_noticed_is_said(open_page):
    """Sentences about what went wrong stand below the picture."""
    page = open_page()
    said = page.locator("#one .hls-noticed")
    expect(said).to_have_text("noticed: a blocking call in line 7")
