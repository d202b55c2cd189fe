"""The built site in Chromium: light, dark, a phone's width, a keyboard, no foreign request."""

import re

import pytest
from playwright.sync_api import expect

from .until import until

LESSON = "/lessons/90_sample/"
PAGES = ["/", "/lessons/", LESSON, "/run-it/"]


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
    ground = page.locator(".hls-diagram .g").first
    light = ground.evaluate("each => getComputedStyle(each).fill")
    expect(ground).to_have_css("fill", light)
    page.locator("label[title='Switch to dark']").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    expect(ground).not_to_have_css("fill", light)


def test_what_answers_a_prediction_is_closed_until_one_is_made(visit):
    """Committing opens the run, and the answer stands beside it."""
    page = visit(LESSON)
    reveal = page.locator("details.hls-reveal")
    expect(reveal).to_have_js_property("open", False)
    page.locator(".hls-ask input").fill("7")
    page.get_by_role("button", name="Commit").click()
    expect(reveal).to_have_js_property("open", True)
    expect(reveal.locator("> summary")).to_contain_text("You said: 7 sends")
    page.reload(wait_until="networkidle")
    expect(page.locator(".hls-ask")).to_contain_text("You said: 7 sends")


def test_a_prediction_can_be_skipped(visit):
    """Nobody is made to guess."""
    page = visit(LESSON)
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("details.hls-reveal")).to_have_js_property("open", True)
    expect(page.locator(".hls-yours")).to_have_count(0)


def test_a_prediction_out_of_range_is_not_taken(visit):
    """The browser's own sentence says what is allowed."""
    page = visit(LESSON)
    page.locator(".hls-ask input").fill("51")
    page.get_by_role("button", name="Commit").click()
    expect(page.locator(".hls-ask input:invalid")).to_be_focused()
    expect(page.locator("details.hls-reveal")).to_have_js_property("open", False)


def test_the_page_reads_without_scripts(visit):
    """Questions, runs and folds are there when no script is."""
    page = visit(LESSON, java_script_enabled=False)
    expect(page.get_by_text("Of the 50 sends after the cut")).to_be_visible()
    page.locator("details.hls-reveal > summary").click()
    expect(page.locator("details.hls-reveal svg").first).to_be_visible()


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
    until(page, "document.querySelector('.hls-open').href.endsWith('/run-it/')")
    expect(page.locator(".hls-open")).to_have_attribute("href", f"{served}/run-it/")


def test_the_link_to_jupyterlab_stays_where_start_serves_it(browser, served, built_by_start):
    """The server answers at /open/lab/, so the link is left as it is."""
    with browser.new_context() as context:
        page = context.new_page()
        built_by_start(context)
        context.route("**/open/lab/**", lambda route: route.fulfill(status=200, body=""))
        page.goto(served + LESSON, wait_until="networkidle")
        left = re.compile("/open/lab/90_sample[.]ipynb$")
        expect(page.locator(".hls-open")).to_have_attribute("href", left)


def test_what_scrolls_can_be_scrolled_with_the_keyboard(visit):
    """Wide tables and pictures are stops of the Tab key; the search has a name."""
    page = visit(LESSON, width=390)
    until(
        page,
        "[...document.querySelectorAll('.md-typeset__scrollwrap, .hls-diagram')]"
        ".every((each) => each.tabIndex === 0)",
    )
    expect(page.locator("[role=dialog][aria-label=Search]")).to_have_count(1)


def test_search_finds_a_lesson(visit):
    """The index holds the lessons' own words."""
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("tunnel")
    page.locator(".md-search-result__item").first.wait_for()
    expect(page.locator(".md-search-result")).to_contain_text("Who heard the last bid?")
