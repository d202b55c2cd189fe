"""A run taken along: a link that turns the knobs, a picture as text and SVG, a room's screen."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from playwright.sync_api import expect

from course.publish import notebook
from course.publish.pages import lasting
from course.publish.site import ROOT

from .until import press, until

CELLS = notebook.read(ROOT / "notebooks" / "06_liveness.ipynb").cells
PANEL = next(n for n, cell in enumerate(CELLS, 1) if "knobs(heartbeat," in cell.source)
FAULTS = next(n for n, cell in enumerate(CELLS, 1) if "knobs(harmed," in cell.source)
KEEP = next(n for n, cell in enumerate(CELLS, 1) if ".keep(" in cell.source)
pytestmark = pytest.mark.timeout(300)  # the whole site is built first
SAVED = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: (text) => { window.saved = text; } },
})"""


@pytest.fixture
def lesson(browser, published):
    """Opens M6 at an address; what is copied lies in `window.saved`; no script may fail."""
    errors = []
    context = browser.new_context(viewport={"width": 1350, "height": 844}, service_workers="block")
    context.add_init_script(SAVED)

    def opened(fragment=""):
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{published.address}/lessons/06_liveness/{fragment}", wait_until="networkidle")
        return page

    yield opened
    context.close()
    assert errors == []


def panel(page, number):
    """The live panel of the cell, with its link."""
    box = page.locator(f'.hls-outputs[data-of="{number}"] .hls-panel')
    box.get_by_role("button", name="Copy link to this position").wait_for()
    return box


def test_a_link_turns_the_knobs_of_a_panel(lesson):
    """It is scrolled to, focused, and stands where the link says; its own link names the cell."""
    fragment = f"#run={FAULTS}&proof=any+message&harm=bids+are+cut"
    page = lesson(fragment)
    box = panel(page, FAULTS)
    box.get_by_text("reached", exact=True).wait_for()
    knobs = box.locator("select")
    expect(knobs).to_have_count(2)
    expect(knobs.nth(0)).to_have_value("any message")
    expect(knobs.nth(1)).to_have_value("bids are cut")
    until(page, "document.activeElement.closest('.hls-panel') !== null")
    press(box.get_by_role("button", name="Copy link to this position"))
    named = f"#run={FAULTS}.{lasting(CELLS[FAULTS - 1])}&proof=any+message&harm=bids+are+cut"
    until(page, f"window.saved?.endsWith({json.dumps(named)})")


def test_a_link_finds_its_cell_where_it_was_moved(lesson):
    """By the name that the cell keeps; one that was edited is found by its number."""
    name = lasting(CELLS[FAULTS - 1])
    for run in (f"{FAULTS - 1}.{name}", f"{FAULTS}.00000000"):
        box = panel(lesson(f"#run={run}&harm=bids+are+cut"), FAULTS)
        box.locator("select:focus").first.wait_for()


def test_a_position_that_was_not_recorded_is_named(lesson):
    """The nearest one is shown, and how to have the exact one."""
    box = panel(lesson(f"#run={PANEL}&interval=61&timeout=20"), PANEL)
    said = box.locator(":scope > .hls-copies [role=status]")
    said.get_by_text("The link asks for interval 61").wait_for()
    expect(said).to_contain_text("Free the knobs")


def test_an_address_is_data(lesson):
    """What is no knob, and what is out of range or of no option, turns nothing."""
    hostile = f"#run={FAULTS}&proof=%3Cimg+src=x+onerror=alert(1)%3E&latency=1e9&constructor=1&x=y"
    box = panel(lesson(hostile), FAULTS)
    expect(box.locator("select").first).to_have_value("pong")
    for fragment in ("#run=999", "#run=%22", "#run=", "#run=1&run=2"):
        lesson(fragment)


def test_a_run_without_knobs_is_opened_where_it_stands(lesson):
    """Every fold around it opens."""
    page = lesson(f"#run={KEEP}")
    page.locator(f'.hls-outputs[data-of="{KEEP}"] pre').first.wait_for(state="visible")
    press(page.get_by_role("button", name="Copy as evidence for the studio"))
    until(page, "window.saved?.startsWith('Kept: half-open, found at 40.0 s')")


def test_a_picture_is_copied_as_text_and_as_svg(lesson):
    """The SVG stands alone: well-formed, with a title, in its own colours."""
    page = lesson()
    page.keyboard.press("Tab")  # the reader begins to read
    figure = page.locator(".hls-figure:visible").first
    press(figure.get_by_role("button", name="Copy as text"))
    until(page, "window.saved?.includes('What crossed the wire between bidder and auction')")
    press(figure.get_by_role("button", name="Copy as SVG"))
    until(page, "window.saved.includes('</svg>')")
    svg = ElementTree.fromstring(page.evaluate("saved"))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None
    assert "--ink:" in svg.find("{http://www.w3.org/2000/svg}style").text


def test_a_run_fills_the_screen_and_the_arrow_keys_step(lesson):
    """Also after a click beside it; leaving the screen returns to the button."""
    page = lesson()
    page.evaluate("document.querySelector('details.hls-reveal').open = true")
    figure = page.locator(".hls-reveal .hls-figure:has(.hls-step)").first  # a panel draws its anew
    press(figure.get_by_role("button", name="Full screen, for a room"))
    now = page.locator(":fullscreen .hls-now")
    now.wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(":fullscreen .hls-picture").click(position={"x": 5, "y": 5})
    page.keyboard.press("ArrowRight")
    expect(now).to_have_text(re.compile("^Event 2 of"))
    until(page, "parseFloat(getComputedStyle(document.querySelector('.hls-now')).fontSize) >= 20")
    page.evaluate("document.exitFullscreen()")
    until(page, "document.activeElement.textContent === 'Full screen, for a room'")
