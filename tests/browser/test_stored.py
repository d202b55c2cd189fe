"""Stored notebooks in JupyterLab, with a fresh profile and before any cell runs."""

import json
from pathlib import Path
from shutil import copy

import pytest

pytest.importorskip("playwright", reason="a browser is driven by playwright")
pytest.importorskip("jupyterlab", reason="the notebook is opened in JupyterLab")

from playwright.sync_api import expect, sync_playwright

from course.server.trust import sign

from .jupyterlab import jupyterlab
from .until import until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
WINDOWING = "@jupyterlab/notebook-extension/tracker.jupyterlab-settings"


@pytest.fixture(scope="module")
def open_lab(tmp_path_factory):
    """A browser, and the address of a JupyterLab that trusts the shipped notebooks."""
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium")
    folder = tmp_path_factory.mktemp("stored")
    for notebook in NOTEBOOKS:
        copy(notebook, folder)
    with jupyterlab(folder) as address, sync_playwright() as driver:
        settings = folder / "jupyter" / "SETTINGS_DIR" / WINDOWING
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('{"windowingMode": "none"}')  # else only cells in sight are drawn
        sign(folder.glob("*.ipynb"), folder / "jupyter" / "data_dir")
        expect.set_options(timeout=40_000)
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser, address
        browser.close()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_diagrams_are_seen_before_any_cell_runs(open_lab, notebook):
    """A stored notebook shows its pictures at once, none is broken, and no widget is missed."""
    browser, address = open_lab
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    own = f"/lab/workspaces/{notebook.stem}/tree/"  # else it opens the one before it as well
    page.goto(address.replace("/lab/tree/", own).format(notebook.name))
    drawn = page.locator(".jp-RenderedSVG img")
    expect(drawn).to_have_count(in_sight(notebook))
    until(
        page, "[...document.querySelectorAll('.jp-RenderedSVG img')].every((one) => one.complete)"
    )
    widths = drawn.evaluate_all("all => all.map(one => one.naturalWidth)")
    texts = page.locator(".jp-Notebook").inner_text()
    page.close()

    assert widths
    assert all(width > 300 for width in widths)
    assert "model not found" not in texts
    assert "Error displaying widget" not in texts


def in_sight(notebook):
    """How many pictures stand in cells that are not folded; those within HTML are not counted."""
    cells = json.loads(notebook.read_text())["cells"]
    shown = [cell for cell in cells if "reveal" not in cell["metadata"]["tags"]]
    outputs = [output for cell in shown for output in cell.get("outputs", ())]
    bundles = [output.get("data", {}) for output in outputs]
    return sum("image/svg+xml" in bundle and "text/html" not in bundle for bundle in bundles)
