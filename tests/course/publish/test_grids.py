"""Panels answer before Python runs: every goal is in reach, and what was made is kept."""

import gzip
import json
from math import prod
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course.publish import grids, notebook, site

ROOT = Path(__file__).resolve().parents[3]
SETUP = "from labs import Goal, Knob, Switch, knobs"
PANEL = """\
def sum_of(a, b, big):
    return Shown(a + b), {"sum": a + b}

class Shown:
    def __init__(self, text): self.text = text
    def _repr_mimebundle_(self): return {"text/plain": f"{self.text:g}"}

knobs(sum_of, a=Knob(1, 0, 9), b=Knob(2, 0, 9), big=Switch(),
      goal=Goal("eleven", lambda seen: seen[1]["sum"] == 11))
"""
pytestmark = pytest.mark.timeout(300)  # all lessons' panels are turned, if they were not before


def unpacked(file):
    """What a file of a grid holds."""
    return json.loads(gzip.decompress(file.read_bytes()))


def cell(source, *tags):
    """A code cell with tags."""
    return new_code_cell(source, metadata={"tags": list(tags)})


@pytest.fixture
def lesson(tmp_path):
    """Writes a lesson of these cells and returns its path."""

    def written(*cells):
        path = tmp_path / "92_sum.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
        path.with_suffix(".yaml").write_text("lesson: {}\n")
        return path

    return written


def made(path, tmp_path):
    """The grid of this lesson."""
    return grids.brought_up_to_date([path], tmp_path / "cache")[path]


def test_a_panel_is_turned_to_every_stop(lesson, tmp_path):
    """Each turn has its figures, its goals and a picture, and equal pictures are one file."""
    grid = made(lesson(cell(SETUP, "setup"), cell(PANEL)), tmp_path)
    assert grid.trouble == ""
    assert list(grid.stops) == ["2"]
    turns = unpacked(grid.place / "2.turns")
    assert len(turns) == prod(map(len, grid.stops["2"].values()))
    assert {tuple(turn["figures"][0]) for turn in turns} >= {("sum", "0"), ("sum", "18")}
    assert [turn["figures"] == [["sum", "11"]] for turn in turns] == [
        turn["reached"][0] for turn in turns
    ]
    pictures = [name for name in grid.files if name.endswith(".picture")]
    assert len(pictures) < len(turns)
    assert {f"{turn['picture']}.picture" for turn in turns} == set(pictures)
    assert 'data-stops=\'{"2":{"a":[0' in grid.element


def test_what_was_made_is_kept_until_its_sources_change(lesson, tmp_path, monkeypatch):
    """Words of the lesson do not matter, its code does."""
    cells = cell(SETUP, "setup"), cell(PANEL)
    first = made(lesson(*cells), tmp_path)
    monkeypatch.setattr(grids, "_turned", lambda *_: pytest.fail("made again"))
    assert made(lesson(*cells), tmp_path) == first
    monkeypatch.undo()
    second = made(lesson(cells[0], cell(PANEL.replace("a + b", "a * b"))), tmp_path)
    assert second.place != first.place
    assert not first.place.exists()


def test_names_of_a_cell_of_real_sockets_are_known_below(lesson, tmp_path):
    """It is not run, and what it defines is there."""
    real = cell("def twice(a):\n    return str(2 * a)\n\n1 / 0", "real")
    panel = cell("knobs(twice, a=Knob(1, 0, 3))")
    grid = made(lesson(cell(SETUP, "setup"), real, panel), tmp_path)
    assert grid.trouble == ""
    assert unpacked(grid.place / f"{unpacked(grid.place / '3.turns')[3]['picture']}.picture") == {
        "text/plain": "6"
    }


def test_a_cell_that_raises_is_named(lesson, tmp_path):
    """The page then waits for a Run, and the builder is told why."""
    grid = made(lesson(cell("1 / 0", "lab")), tmp_path)
    assert (grid.stops, grid.files, grid.element) == ({}, [], "")
    assert grid.trouble.endswith("cell 1: ZeroDivisionError: division by zero")


@pytest.mark.parametrize("path", notebook.files(ROOT / "notebooks"), ids=lambda path: path.stem)
def test_every_goal_is_reached_at_some_stop(path):
    """Nobody has to run anything to reach what a lesson asks for."""
    grid = grids.brought_up_to_date([path], site.GRIDS)[path]
    assert grid.trouble == ""
    code = (cell for cell in notebook.read(path).cells if cell.cell_type == "code")
    assert len(grid.stops) == sum(map(shows_a_panel, code))
    for number in grid.stops:
        turns = unpacked(grid.place / f"{number}.turns")
        reached = [turn["reached"] for turn in turns if "trouble" not in turn]
        assert all(map(any, zip(*reached, strict=True))), f"cell {number}: give stops to its knobs"
        assert len(turns) <= 200


def shows_a_panel(cell):
    """Does the notebook store a panel for the cell?"""
    kinds = (kind for output in cell.outputs for kind in output.get("data", {}))
    return any(kind.endswith("panel+json") for kind in kinds)
