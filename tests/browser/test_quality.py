"""Every page of the whole site against axe-core and a narrow screen.

The fast test takes one page of each kind; the slow one takes all of them.
"""

import re

import pytest

from course.publish.runtime import build, node
from course.publish.site import CACHE

KINDS = (
    "/",
    "/lessons/12_signatures/",
    "/graders/",
    "/reference/choosing/",
    "/reference/timers/",
    "/practice/cards/",
    "/studio/live-auction/",
)
SCHEMES = ("light", "dark")
WIDTHS = (390, 1350)
OPEN = "document.querySelectorAll('details').forEach((each) => (each.open = true))"
# A title on its way into the header is fainter than it will be; what moves is at its end at once.
STILL = "* { transition: none !important; animation: none !important }"
DRAWN = "new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next())))"
# The theme looks after a block of code when it is first seen, a lesson after its cells.
READ = """(async () => {
  for (const each of document.querySelectorAll("h1, .highlight, .hls-figure")) {
    each.scrollIntoView();
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next())));
  }
})()"""
VIOLATIONS = """axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`)))"""


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core, as npm installs it by the lock file."""
    tools = node.found()
    if tools is None:
        pytest.skip("axe-core comes by npm, and there is no Node.js 20 or newer")
    folder = build.installed(CACHE, tools)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def pages(published):
    """The path of each page that the sitemap names."""
    sitemap = (published.folder / "sitemap.xml").read_text("utf-8")
    addresses = re.findall("<loc>(.*?)<", sitemap)
    paths = [address.removeprefix(published.address) for address in addresses]
    assert set(KINDS) < set(paths)
    return paths


@pytest.fixture
def page(browser, published):
    """A page of a browser that keeps no site; what fails in it fails the test."""
    errors = []
    context = browser.new_context(service_workers="block")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def test_nothing_scrolls_sideways_at_360_pixels(page, published, pages):
    """On every page, with every fold open: what is wider scrolls by itself."""
    page.set_viewport_size({"width": 360, "height": 800})
    wide = {}
    for path in pages:
        page.goto(published.address + path)
        page.evaluate(OPEN)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    assert wide == {}


def found(page, axe, where):
    """What axe-core has against the page as it stands, said with the place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
        page.add_style_tag(content=STILL)
    page.evaluate(DRAWN)
    return [f"{where}: {each}" for each in page.evaluate(VIOLATIONS)]


def looked_through(page, axe, address, paths):
    """What axe-core has against these pages, opened one after the other, with every fold open."""
    says = []
    for path in paths:
        page.goto(address + path, wait_until="networkidle")
        page.evaluate(OPEN)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate(READ)
            page.wait_for_load_state("networkidle")
            says += found(page, axe, f"{path} at {width}")
    return says


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_of_each_kind_has_no_violation(page, published, axe, scheme):
    """Home, a lesson, the graders, reference, cards and studio, on a phone and on a desk."""
    page.emulate_media(color_scheme=scheme)
    assert looked_through(page, axe, published.address, KINDS) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_page_has_a_violation(page, published, axe, pages, scheme):
    """All of them."""
    page.emulate_media(color_scheme=scheme)
    assert looked_through(page, axe, published.address, pages) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_search_and_instant_navigation_bring_no_violation(page, published, axe, scheme, width):
    """The search with its results open, and a lesson that was reached by a link."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{published.address}/", wait_until="networkidle")
    page.evaluate("window.same = true")
    page.keyboard.press("/")
    page.keyboard.type("signature")
    page.locator(".md-search-result__item").first.wait_for()
    says = found(page, axe, "search")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Read the first lesson").click()
    page.locator(".hls-bar").first.wait_for()
    assert page.evaluate("window.same")
    page.evaluate(READ)
    assert says + found(page, axe, "after a link") == []
