"""The reference in the built site: wide tables scroll by themselves, the guide is there."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

FRAMES = sorted((Path(__file__).resolve().parents[2] / "site" / "reference").glob("*.md"))
PATHS = ["/reference/" if f.stem == "index" else f"/reference/{f.stem}/" for f in FRAMES]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_reference_scrolls_sideways(visit, scheme):
    """At 360 pixels everything fits, with every fold open; what is wider scrolls by itself."""
    wide = []
    for path in PATHS:
        page = visit(path, scheme=scheme, width=360)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)
        page.close()
    assert wide == []


def test_a_wide_table_can_be_scrolled_by_the_keyboard(visit):
    """It takes the focus, and what a row is about stays in sight."""
    page = visit("/reference/timers/", width=390)
    table = page.locator(".md-typeset__scrollwrap").first
    expect(table).to_have_attribute("tabindex", "0")
    table.evaluate("(each) => (each.scrollLeft = 200)")
    name = table.locator("tbody td").first
    assert name.bounding_box()["x"] >= 0


def test_the_guide_survives_instant_navigation(visit):
    """It asks whether the page was loaded or followed to, and once only."""
    page = visit("/reference/")
    page.evaluate("window.same = true")
    for _ in range(2):
        page.locator(".md-content").get_by_role("link", name="Which one?").click()
        page.locator(".hls-guide h2").wait_for()
        expect(page.locator(".hls-guide h2")).to_have_count(1)
        page.get_by_role("button", name="Another server of our own").click()
        page.get_by_role("status").filter(has_text="Decided after 1 question").wait_for()
        page.locator(".md-nav--primary").get_by_role("link", name="Reference").last.click()
        page.get_by_role("heading", name="Something is wrong").wait_for()
    assert page.evaluate("window.same")
