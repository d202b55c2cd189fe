"""What lesson M12 promises and its outputs cannot show: goals in reach, and nothing that stops."""

from __future__ import annotations

import ast
import itertools
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from labs.panel import Choice, Panel, Switch
from labs.webhook.forgeries import CHANGES
from labs.webhook.senders import SENDERS

LESSON = Path(__file__).parents[2] / "notebooks" / "12_signatures.ipynb"
DEFINING = {"setup", "lab", "knobs", "break"}


@cache
def defined() -> dict[str, Any]:
    """The names of the lesson, and each panel under the tag of its cell."""
    names: dict[str, Any] = {}
    for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]:
        tags = set(cell["metadata"]["tags"])
        if cell["cell_type"] == "code" and tags & DEFINING and "deep" not in tags:
            tree = ast.parse("".join(cell["source"]))
            if isinstance(last := tree.body[-1], ast.Expr):
                tree.body[-1] = ast.Assign([ast.Name("shown", ast.Store())], last.value)
            exec(compile(ast.fix_missing_locations(tree), LESSON.name, "exec"), names)
            if isinstance(names.get("shown"), Panel):
                names |= {f"panel {tag}": names["shown"] for tag in tags}
    return names


@pytest.mark.parametrize(
    ("tag", "positions", "reached"),
    [
        ("knobs", {}, (False, False)),
        ("knobs", {"sender": "GitLab, token"}, (True, False)),
        ("knobs", {"sender": "Shopify", "change": "a newer time"}, (False, True)),
        ("knobs", {"sender": "Stripe", "change": "a newer time"}, (False, False)),
        ("break", {}, (False, False, False)),
        ("break", {"change": "another id", "ids": "from the header"}, (True, False, False)),
        ("break", {"change": "another id"}, (False, False, False)),
        (
            "break",
            {"change": "another shop", "house": "from the header", "ids": "not kept"},
            (False, True, False),
        ),
        ("break", {"change": "a newer time", "ids": "not kept"}, (False, False, True)),
        ("break", {"change": "a newer time"}, (False, False, False)),
        ("break", {"window": False, "ids": "not kept"}, (False, False, False)),
    ],
)
def test_goals_are_reached_by_turning_the_knobs(
    tag: str, positions: dict[str, Any], reached: tuple[bool, ...]
) -> None:
    """No goal is reached at first, each by a knob or two, and never by the signed facts."""
    turn = defined()[f"panel {tag}"].turn(**positions)

    assert turn.trouble == ""
    assert turn.reached == reached


@pytest.mark.parametrize("tag", ["knobs", "break"])
def test_no_position_stops_a_panel(tag: str) -> None:
    """Wherever the knobs stand, the program runs and shows a picture and its twin."""
    panel = defined()[f"panel {tag}"]
    options = {
        name: control.options if isinstance(control, Choice) else (True, False)
        for name, control in panel.controls.items()
        if isinstance(control, Choice | Switch)
    }

    assert options.keys() == panel.controls.keys()
    for values in itertools.product(*options.values()):
        turn = panel.turn(**dict(zip(options, values, strict=True)))
        assert turn.trouble == ""
        assert {"text/plain", "image/svg+xml"} <= turn.shown.keys()


def test_the_bench_knows_every_sender_and_every_change() -> None:
    """Whoever looks for their own provider in the lesson finds it on the bench."""
    controls = defined()["panel knobs"].controls

    assert controls["sender"].options == tuple(SENDERS)
    assert controls["change"].options == tuple(CHANGES)
