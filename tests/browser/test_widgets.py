"""Live views in JupyterLab itself: a fresh profile, headless Chromium, the keyboard."""

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="a browser is driven by playwright")
pytest.importorskip("jupyterlab", reason="the notebook is opened in JupyterLab")

from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

from .jupyterlab import jupyterlab

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CELLS = (
    """
import asyncio
from websockets import connect, serve
from labs import Goal, Knob, knobs, predict, run

async def bid(world, wait):
    async with serve(lambda socket: socket.wait_closed(), "auction", 8765):
        async with connect("ws://auction:8765", ping_interval=None) as socket:
            await socket.send("bid 120")
            await asyncio.sleep(wait)
    return {"waited": wait}
""",
    "question = predict('When does it close?', unit='s', low=0, high=120)\nquestion",
    "seen = run(lambda world: bid(world, 5), at='bidder')\nseen",
    "question.reveal(seen.waited)",
    """
knobs(
    lambda wait: run(lambda world: bid(world, wait), at="bidder"),
    goal=Goal("waits for more than 6 s", lambda seen: seen.waited > 6),
    figures=lambda seen: {"waited": f"{seen.waited} s", "messages": len(seen.messages)},
    wait=Knob(5, 1, 60, 1, "s", "time of silence"),
)
""",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A page of JupyterLab with the notebook open and its kernel ready."""
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium")
    folder = tmp_path_factory.mktemp("lab")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new_code_cell(source.strip()) for source in CELLS]
    write(new_notebook(metadata=kernel, cells=cells), folder / "wire.ipynb")
    with jupyterlab(folder) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(40_000)
        page.goto(address.format("wire.ipynb"))
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        yield page
        browser.close()


def run_all(page):
    """Run every cell, from the menu; the last cell's panel is there when it is done."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.locator(".hls-panel .hls-wire svg").first.wait_for()


def cell(page, number):
    """A cell of the notebook, counted from 1."""
    return page.locator(".jp-Notebook-cell").nth(number - 1)


def test_live_views(lab):
    """One walk: a run without a prediction, a commit, a step, a turn of a knob, a rerun."""
    run_all(lab)
    an_uncommitted_prediction_blocks_nothing(lab)
    a_prediction_is_committed_and_revealed(lab)
    the_wire_view_is_stepped_by_keyboard(lab)
    a_slider_turned_by_keyboard_runs_the_lab(lab)
    a_cell_run_again_replaces_its_view(lab)


def an_uncommitted_prediction_blocks_nothing(page):
    """Every cell ran, and the reveal says that nothing was predicted."""
    expect(cell(page, 4)).to_contain_text("No prediction was made; the run says 5 s")


def a_prediction_is_committed_and_revealed(page):
    """A number is written and committed; the reveal, run again, puts it beside the run's."""
    question = page.locator(".hls-prediction")
    question.get_by_label("Your number").fill("30")
    question.get_by_role("button", name="Commit").click()
    expect(question).to_contain_text("Committed: 30 s.")
    cell(page, 4).locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    expect(cell(page, 4)).to_contain_text("You said 30 s; the run says 5 s")


def the_wire_view_is_stepped_by_keyboard(page):
    """Arrow keys step through the run and leave JupyterLab's selection alone."""
    view = cell(page, 3).locator(".hls-wire")
    view.focus()
    page.keyboard.press("ArrowRight")
    expect(view.locator(".hls-now")).to_contain_text("Event 1 of ")
    expect(view.locator(".hls-head")).to_contain_text("Upgrade: websocket")
    now = view.locator(".hls-now")
    while "text" not in now.locator("b").inner_text():
        before = now.inner_text()
        page.keyboard.press("ArrowRight")
        expect(now).not_to_have_text(before)
    expect(view.locator(".hls-fields")).to_contain_text("masking key")
    expect(view.locator(".hls-hex")).to_contain_text("81 87")
    expect(view).to_be_focused()


def a_slider_turned_by_keyboard_runs_the_lab(page):
    """Two presses of an arrow key: figures, goal and picture are those of the new run."""
    panel = page.locator(".hls-panel")
    expect(panel.locator(".hls-goals")).to_contain_text("not yet")
    panel.get_by_role("slider", name="time of silence (s)").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(panel.locator(".hls-figures")).to_contain_text("7 s")
    expect(panel.locator(".hls-goals")).to_contain_text("reached")
    expect(panel.locator(".hls-wire svg.wide")).to_contain_text("7 quiet seconds")


def a_cell_run_again_replaces_its_view(page):
    """After three runs of a cell there is one view, and it works."""
    for _ in range(3):
        cell(page, 3).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Control+Enter")
        expect(cell(page, 3).locator(".hls-now")).to_contain_text("Step with")
    expect(cell(page, 3).locator(".hls-wire")).to_have_count(1)
    expect(page.locator("text=model not found")).to_have_count(0)
