"""From chosen events to places on a sheet: time runs downwards, nothing covers anything else.

Each departure, landing, belief and fault takes a place below the one before it, pushed down
until its boxes are free. Distances say little about time; the column of times says all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from labs.diagram import arrows, marks
from labs.diagram.canvas import Canvas
from labs.diagram.chosen import Folded, Item, Quiet, ends, lasts
from labs.diagram.scene import Scene
from labs.diagram.sheet import Sheet
from labs.journal import Fault, Note
from labs.messages import Belief, Row


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to place: an item's beginning, its landing or its end."""

    key: tuple[float, int, int, str]
    part: str  # "begins" | "lands" | "heals"
    item: Item


def lay_out(
    items: tuple[Item, ...], hosts: tuple[str, ...], sheet: Sheet, mark: int | None = None
) -> Scene:
    """The picture as a scene; `mark` is the number of the event to point at."""
    canvas = Canvas(sheet, hosts, tuple(each for each in items if isinstance(each, Row)), mark)
    time = None
    for step in _steps(items, hosts):
        canvas.y += 8.0 if time is None else _gap(step.key[0] - time)
        time = step.key[0]
        _place(canvas, step)
    return canvas.finish()


def _place(canvas: Canvas, step: Step) -> None:
    item = step.item
    if not isinstance(item, Row):
        marks.fold(canvas, item)
    elif isinstance(item.what, Fault):
        draw = marks.heal if step.part == "heals" else marks.harm
        draw(canvas, item, item.what)
    elif isinstance(item.what, Belief | Note):
        marks.think(canvas, item)
    else:
        draw_arrow = arrows.land if step.part == "lands" else arrows.leave
        draw_arrow(canvas, item)


def _steps(items: tuple[Item, ...], hosts: tuple[str, ...]) -> list[Step]:
    steps: list[Step] = []
    for at, item in enumerate(items):
        if isinstance(item, Quiet):
            steps.append(Step((item.until, -1, at, ""), "begins", item))
        elif isinstance(item, Folded):
            steps.append(Step((item.time, 1, at, ""), "begins", item))
        elif set(ends(item)) & set(hosts):
            steps += _steps_of(item, at)
    return sorted(steps, key=lambda step: step.key)


def _steps_of(row: Row, at: int) -> list[Step]:
    steps = [Step((row.time, 1, at, "a"), "begins", row)]
    landed = getattr(row.what, "arrived", None)
    if landed is not None:
        steps.append(Step((landed, 1 if landed == row.time else 0, at, "b"), "lands", row))
    if isinstance(row.what, Fault) and lasts(row.what) and row.what.until is not None:
        steps.append(Step((row.what.until, 0, at, "b"), "heals", row))
    return steps


def _gap(seconds: float) -> float:
    """How far apart two moments are drawn at least, in pixels: by the order of magnitude."""
    return 0.0 if seconds <= 0 else 4.0 + min(20.0, 5 * log10(1 + seconds / 0.01))
