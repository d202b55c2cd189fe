"""Practice in JupyterLab itself: a verdict, a spot and an order, worked with the keyboard."""

import re

import pytest

pytest.importorskip("playwright", reason="a browser is driven by playwright")
pytest.importorskip("jupyterlab", reason="the notebook is opened in JupyterLab")

from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from labs.exercises import PROGRESS
from labs.exercises.exercise import exercise

from .jupyterlab import jupyterlab
from .until import until

ABOUT = exercise("m4.check")
WRONG = f"# exercise: {ABOUT.id}\n{ABOUT.solutions('wrong')['accept_missing']}"
REPAIR = ABOUT.spot["repair"][0]
SETUP = """
import asyncio
from labs import check, progress, run, spot
from labs.messages import timeline
from labs.ordering import ordering

async def main(world):
    world.note("first")
    await asyncio.sleep(1)
    world.note("second")

seen = run(main)
"""
CELLS = (
    SETUP,
    WRONG,
    f'check("{ABOUT.id}")',
    f'spot("{ABOUT.id}")',
    "ordering(seen, [row.number for row in timeline(seen.journal)])",
    "progress()",
    "# exercise: m4.check\n" + ABOUT.official_solution().partition("\n")[2],
)


@pytest.fixture
def lab(tmp_path, monkeypatch, browser):
    """A page of JupyterLab with the notebook open; all its cells but the last have been run."""
    monkeypatch.setenv(PROGRESS, str(tmp_path / "progress.json"))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new_code_cell(source.strip()) for source in CELLS]
    write(new_notebook(metadata=kernel, cells=cells), tmp_path / "practice.ipynb")
    write(new_notebook(metadata=kernel), tmp_path / f"{ABOUT.lesson}.ipynb")
    with jupyterlab(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1350, "height": 1600})
        page.set_default_timeout(40_000)
        page.goto(address.format("practice.ipynb"))
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        cell(page, 6).locator(".jp-InputArea-editor").click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Above Selected Cell", exact=True).click()
        cell(page, 5).get_by_role("button", name="Show the order").wait_for()
        yield page


def cell(page, number):
    """A cell of the notebook, counted from 1."""
    return page.locator(".jp-Notebook-cell").nth(number - 1)


def press(place, name):
    """Press a button as somebody does who has no mouse."""
    place.get_by_role("button", name=name, exact=True).press("Enter")


def run(page, number):
    """Run one cell."""
    cell(page, number).locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")


def test_practice_by_keyboard(lab):
    """One walk: a verdict with hint, solution and report, a spot, an order, a second check."""
    a_verdict_is_read_and_helped_with(lab)
    a_line_is_spotted_and_repaired(lab)
    an_order_is_compared_and_shown(lab)
    a_second_check_shows_what_is_true_now(lab)
    progress_leads_to_the_lesson(lab)


def a_verdict_is_read_and_helped_with(page):
    """Each button puts something below itself, keeps the focus, and takes away what was there."""
    verdict = cell(page, 3).locator(".hls-practice")
    expect(verdict.get_by_role("status").first).to_contain_text("incorrect (accept_missing)")
    label, words = (
        verdict.locator(f"{kind}:nth-of-type(1)").bounding_box() for kind in ("dt", "dd")
    )
    assert words["x"] > label["x"] + label["width"]
    assert abs(words["y"] - label["y"]) < 2, "a label stands beside its words, in one line"
    expect(verdict.get_by_role("link", name="rfc6455")).to_have_attribute("target", "_blank")
    press(verdict, "Hint")
    expect(verdict.locator(".jp-RenderedMarkdown strong")).to_have_text("Hint 1 of 5, symptom.")
    expect(verdict.get_by_role("button", name="Hint", exact=True)).to_be_focused()
    press(verdict, "Hint")
    expect(verdict.locator(".jp-RenderedMarkdown strong")).to_have_text("Hint 2 of 5, question.")
    press(verdict, "Solution")
    expect(verdict.locator(".jp-RenderedMarkdown pre").first).to_contain_text("def check_answer")
    expect(verdict.locator(".jp-RenderedMarkdown pre").last).to_contain_text("+++ ours")
    press(verdict, "Report")
    expect(verdict.locator(".jp-RenderedMarkdown")).to_have_count(0)
    report = verdict.locator(".hls-report textarea")
    expect(report).to_have_value(re.compile("scenario: no accept value, seed: 1"))
    report.focus()
    page.keyboard.press("Control+a")
    until(page, "getSelection().toString().startsWith('m4.check: incorrect')")


def a_line_is_spotted_and_repaired(page):
    """A line is chosen, named and rewritten; what the grader says appears below."""
    spot = cell(page, 4).locator(".hls-practice")
    says = spot.get_by_role("status")
    line = spot.get_by_label("Line")
    line.focus()
    page.keyboard.type(f"{REPAIR['line']}:")
    press(spot, "It is this line")
    expect(says.last).to_contain_text(f"Line {REPAIR['line']}: where there is no accept value")
    spot.get_by_label("becomes").fill("    found = []")
    expect(spot).to_contain_text("Changed so far: line")  # a click may overtake what was typed
    press(spot, "Try this repair")
    expect(spot).to_contain_text("Not yet: 1 line changed.")
    expect(spot.locator(".hls-wire svg.wide")).to_contain_text("101 Switching Protocols")
    spot.get_by_label("becomes").fill(REPAIR["text"])
    press(spot, "Try this repair")
    expect(spot).to_contain_text("Repaired: 1 line changed, fewer is not known.")
    expect(spot.locator(".hls-verdict")).to_contain_text("m4.check: correct")


def an_order_is_compared_and_shown(page):
    """A line moves down and the focus stays; a sentence says how far it is right."""
    order = cell(page, 5).locator(".hls-practice")
    lines = order.locator(".hls-line")
    before = lines.all_inner_texts()
    order.get_by_role("button", name="↓").first.press("Enter")
    expect(lines.first).to_contain_text(before[1].split(maxsplit=1)[1])
    expect(order.get_by_role("button", name="↓").first).to_be_focused()
    press(order, "Is this the order?")
    expect(order.get_by_role("status")).to_contain_text("happen")
    press(order, "Show the order")
    expect(order.locator("ol li").first).to_contain_text('"first"')


def a_second_check_shows_what_is_true_now(page):
    """The cell is mended and run; the button grades it, and the picture of the bug is gone."""
    run(page, 7)
    verdict = cell(page, 3).locator(".hls-practice")
    press(verdict, "Check again")
    expect(verdict.locator(".hls-verdict")).to_contain_text("m4.check: correct")
    expect(verdict.locator(".hls-wire")).to_have_count(0)
    expect(verdict.get_by_role("link", name="bun#26950")).to_be_visible()


def progress_leads_to_the_lesson(page):
    """The table says what is passed, and a link in it opens the lesson beside this notebook."""
    run(page, 6)
    table = cell(page, 6).locator("table")
    expect(table.get_by_role("row", name="m4.check")).to_contain_text("passed, hard")
    table.get_by_role("link", name="m4.check").press("Enter")
    page.locator(".lm-TabBar-tabLabel", has_text=ABOUT.lesson).wait_for()
