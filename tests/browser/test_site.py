"""The built site in Chromium: light, dark, a phone's width, a keyboard, no foreign request."""

import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course.publish import site

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "course" / "publish" / "sample"
LESSON = "/lessons/90_sample/"
PAGES = ["/", "/lessons/", LESSON, "/run-it/"]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args):
        """Leave the terminal to the tests."""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a built site whose lesson is the sample."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "site", root / "site", ignore=shutil.ignore_patterns("lessons"))
    shutil.copytree(ROOT / "course" / "publish", root / "course" / "publish")
    shutil.copy(ROOT / "mkdocs.yml", root)
    shutil.copytree(SAMPLE, root / "notebooks")
    folder = functools.partial(Quiet, directory=str(root / "build" / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), folder)
    address = f"http://127.0.0.1:{server.server_port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{address}/")
        site.build(root / "build" / "site", root)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def visit(browser, served):
    """Opens a page; at the end no request has gone elsewhere and no script has failed."""
    foreign, errors, contexts = [], [], []

    def opened(path, *, scheme="light", width=1350, **more):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: r.url.startswith((served, "data:")) or foreign.append(r.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served + path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit, path, scheme):
    """At 390 pixels everything fits, with every fold open."""
    page = visit(path, scheme=scheme, width=390)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_picture_follows_the_switch(visit):
    """Light and dark are the page's to choose, and the picture goes along."""
    page = visit("/", scheme="light")
    ground = "getComputedStyle(document.querySelector('.hls-diagram .g')).fill"
    light = page.evaluate(ground)
    page.locator("label[title='Switch to dark']").click()
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert page.evaluate(ground) != light


def test_what_answers_a_prediction_is_closed_until_one_is_made(visit):
    """Committing opens the run, and the answer stands beside it."""
    page = visit(LESSON)
    reveal = page.locator("details.hls-reveal")
    assert reveal.get_attribute("open") is None
    page.locator(".hls-ask input").fill("7")
    page.get_by_role("button", name="Commit").click()
    assert reveal.get_attribute("open") is not None
    assert "You said: 7 sends" in reveal.locator("> summary").inner_text()
    page.reload(wait_until="networkidle")
    assert "You said: 7 sends" in page.locator(".hls-ask").inner_text()


def test_a_prediction_can_be_skipped(visit):
    """Nobody is made to guess."""
    page = visit(LESSON)
    page.get_by_role("button", name="Skip").click()
    assert page.locator("details.hls-reveal").get_attribute("open") is not None
    assert page.locator(".hls-yours").count() == 0


def test_a_prediction_out_of_range_is_not_taken(visit):
    """The browser's own sentence says what is allowed."""
    page = visit(LESSON)
    page.locator(".hls-ask input").fill("51")
    page.get_by_role("button", name="Commit").click()
    assert page.locator("details.hls-reveal").get_attribute("open") is None


def test_the_page_reads_without_scripts(visit):
    """Questions, runs and folds are there when no script is."""
    page = visit(LESSON, java_script_enabled=False)
    assert page.get_by_text("Of the 50 sends after the cut").is_visible()
    page.locator("details.hls-reveal > summary").click()
    assert page.locator("details.hls-reveal svg").first.is_visible()


def test_instant_navigation_brings_the_scripts_along(visit):
    """A page that was reached by a link has its prediction too."""
    page = visit("/")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Read the first lesson").click()
    page.get_by_role("button", name="Commit").wait_for()
    assert page.evaluate("window.stayed") is True


def test_jupyterlab_is_offered_where_it_answers_and_explained_elsewhere(visit, served):
    """Without `start` the link leads to the page that says how to start."""
    page = visit(LESSON)
    page.wait_for_function("document.querySelector('.hls-open').href.endsWith('/run-it/')")
    assert page.locator(".hls-open").get_attribute("href") == f"{served}/run-it/"


def test_the_link_to_jupyterlab_stays_where_start_serves_it(browser, served):
    """The server answers at /open/lab/, so the link is left as it is."""
    with browser.new_context() as context:
        page = context.new_page()
        context.route("**/open/lab/**", lambda route: route.fulfill(status=200, body=""))
        page.goto(served + LESSON, wait_until="networkidle")
        href = page.locator(".hls-open").get_attribute("href")
    assert href.endswith("/open/lab/90_sample.ipynb")


def test_what_scrolls_can_be_scrolled_with_the_keyboard(visit):
    """Wide tables and pictures are stops of the Tab key; the search has a name."""
    page = visit(LESSON, width=390)
    assert page.evaluate(
        "[...document.querySelectorAll('.md-typeset__scrollwrap, .hls-diagram')]"
        ".every((each) => each.tabIndex === 0)"
    )
    assert page.locator("[role=dialog][aria-label=Search]").count() == 1


def test_search_finds_a_lesson(visit):
    """The index holds the lessons' own words."""
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("tunnel")
    page.locator(".md-search-result__item").first.wait_for()
    assert "Who heard the last bid?" in page.locator(".md-search-result").inner_text()
