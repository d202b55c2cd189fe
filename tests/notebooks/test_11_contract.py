"""What lesson M11 promises and its outputs cannot show: goals in reach, five senders convinced."""

from __future__ import annotations

import ast
import json
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from labs import run
from labs.panel import Choice, Panel
from labs.webhook.exchange import Request
from labs.webhook.validation import VALIDATIONS

LESSON = Path(__file__).parents[2] / "notebooks" / "11_contract.ipynb"
DEFINING = {"setup", "lab", "knobs", "break"}
LAST = {"order": "answer, work"}
POISON = {"poison": True, "aside": False}


@cache
def defined() -> dict[str, Any]:
    """The names of the lesson, and each panel under the tag of its cell."""
    names: dict[str, Any] = {}
    for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]:
        tags = set(cell["metadata"]["tags"])
        if cell["cell_type"] == "code" and tags & DEFINING:
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
        ("knobs", {"order": "keep, answer, work"}, (True, False)),
        ("knobs", {"order": "keep, answer, work", "cold_start": 4}, (False, False)),
        ("knobs", {"work": 2, "at_once": 40}, (False, True)),
        ("break", {}, (False, False, False)),
        ("break", {**LAST, "crash": True}, (True, False, False)),
        ("break", {**LAST, **POISON}, (True, False, False)),
        ("break", POISON, (False, True, False)),
        ("break", {"order": "work, answer", **POISON}, (False, False, True)),
        ("break", {"order": "work, answer", "seconds": 8}, (False, False, True)),
        ("break", {"crash": True, "poison": True}, (False, False, False)),
    ],
)
def test_goals_are_reached_by_turning_the_knobs(
    tag: str, positions: dict[str, Any], reached: tuple[bool, ...]
) -> None:
    """No goal is reached at first, each by a knob or two, and the lesson's own order by none."""
    turn = defined()[f"panel {tag}"].turn(**positions)

    assert turn.trouble == ""
    assert turn.reached == reached


@pytest.mark.parametrize("tag", ["knobs", "break"])
@pytest.mark.parametrize("end", [0, -1])
def test_no_position_stops_a_panel(tag: str, end: int) -> None:
    """With every knob at one of its ends the program runs, and shows a picture and its twin."""
    panel = defined()[f"panel {tag}"]
    positions = {
        name: knob.options[end]
        if isinstance(knob, Choice)
        else (getattr(knob, "low", False), getattr(knob, "high", True))[end]
        for name, knob in panel.controls.items()
    }
    turn = panel.turn(**positions)

    assert turn.trouble == ""
    assert turn.shown["image/svg+xml"]
    assert turn.shown["text/plain"]


def test_who_answers_by_the_contract_convinces_all_five() -> None:
    """The answers of `labs/webhook/validation.py`, over the wire, are what each sender asks for."""
    lesson = defined()

    async def by_the_contract(asked: web.BaseRequest) -> web.Response:
        sender = asked.path.strip("/")
        request = Request(asked.method, asked.query, asked.headers, await asked.read())
        answer = VALIDATIONS[sender].answer(request, lesson["AGREED"].get(sender, ""))
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    convinced = run(partial(lesson["register"], endpoint=by_the_contract), at="bank")

    assert convinced.passed == list(VALIDATIONS)
