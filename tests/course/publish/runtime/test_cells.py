"""Every cell of every lesson that can run in the tab, in Pyodide: byte for byte what is stored."""

import json
import subprocess
from pathlib import Path

import pytest

from course.publish import notebook, site
from course.publish.runtime import build, node

ROOT = Path(__file__).resolve().parents[4]
CELLS = Path(__file__).with_name("cells.mjs")
pytestmark = pytest.mark.timeout(300)  # the first of them builds the runtime


@pytest.fixture(scope="module")
def runtime():
    """The folder of the built runtime."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    built = build.brought_up_to_date(site.CACHE / "built", site.CACHE)
    return site.CACHE / "built" / built.folder


def told(outputs):
    """What a cell put out: what it printed, and its MIME bundles."""
    printed = "".join(each.text for each in outputs if each.output_type == "stream")
    bundles = [dict(each.data) for each in outputs if "data" in each]
    return printed, json.loads(json.dumps(bundles))


@pytest.mark.parametrize("path", notebook.files(ROOT / "notebooks"), ids=lambda path: path.stem)
def test_cells_put_out_in_the_tab_what_the_notebook_stores(path, runtime):
    """One namespace from the top; cells of real sockets define their names and are not run."""
    tools = node.found()
    command = [*tools.node, str(CELLS), str(runtime), str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    cells = notebook.read(path).cells
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    code = [number for number, cell in enumerate(cells, 1) if cell.cell_type == "code"]
    recorded = [n for n in code if {"real", "live"} & set(notebook.tags(cells[n - 1]))]
    assert [each["cell"] for each in said] == [n for n in code if n not in recorded]
    for each in said:
        assert each["error"] == "", f"cell {each['cell']}"
        here = each["printed"], each["bundles"]
        assert here == told(cells[each["cell"] - 1].outputs), f"cell {each['cell']}"
