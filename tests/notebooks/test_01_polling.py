"""What lesson M1 promises and its outputs cannot show: each goal of its panels is in reach."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from labs.panel import Panel

LESSON = Path(__file__).parents[2] / "notebooks" / "01_polling.ipynb"
DEFINING = {"setup", "lab", "knobs", "break"}


@cache
def panels() -> dict[str, Panel]:
    """The panels of the lesson by the tag of their cell, from its own code."""
    names: dict[str, Any] = {}
    found = {}
    for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]:
        tags = set(cell["metadata"]["tags"])
        if cell["cell_type"] == "code" and tags & DEFINING:
            tree = ast.parse("".join(cell["source"]))
            last = tree.body[-1]
            if isinstance(last, ast.Expr):
                tree.body[-1] = ast.Assign([ast.Name("shown", ast.Store())], last.value)
            exec(compile(ast.fix_missing_locations(tree), LESSON.name, "exec"), names)
            if isinstance(names.get("shown"), Panel):
                found[next(tag for tag in tags if tag not in ("core", "deep"))] = names["shown"]
    return found


@pytest.mark.parametrize(
    ("tag", "positions", "reached"),
    [
        ("knobs", {}, (False, False, False)),
        ("knobs", {"interval": 50}, (True, False, False)),
        ("knobs", {"interval": 4}, (False, True, False)),
        ("knobs", {"interval": 4, "pages": 8_000}, (False, False, True)),
        ("break", {}, (False, False, False)),
        ("break", {"every": 5}, (True, False, False)),
        ("break", {"interval": 30, "stands": 1}, (False, True, False)),
        ("break", {"interval": 60, "together": True}, (False, True, True)),
    ],
)
def test_goals_are_reached_by_turning_the_knobs(
    tag: str, positions: dict[str, Any], reached: tuple[bool, ...]
) -> None:
    """No goal is reached at first, and each is reached by one or two knobs."""
    turn = panels()[tag].turn(**positions)

    assert turn.trouble == ""
    assert turn.reached == reached


@pytest.mark.parametrize("tag", ["knobs", "break"])
@pytest.mark.parametrize("end", ["low", "high"])
def test_no_position_stops_a_panel(tag: str, end: str) -> None:
    """With every knob at one of its ends the program runs, and shows a picture and its twin."""
    panel = panels()[tag]
    positions = {name: getattr(knob, end, end == "high") for name, knob in panel.controls.items()}
    turn = panel.turn(**positions)

    assert turn.trouble == ""
    assert turn.shown["image/svg+xml"]
    assert turn.shown["text/plain"]
