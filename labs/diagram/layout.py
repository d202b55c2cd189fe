"""From chosen events to places on a sheet: time runs downwards, nothing covers anything else.

Each departure, landing, belief and fault takes a place below the one before it, pushed down
until its boxes are free. Distances say little about time; the column of times says all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from labs.diagram.chosen import Folded, Item, Quiet, ends, lasts
from labs.diagram.marks import Drawing
from labs.diagram.scene import Scene
from labs.diagram.sheet import Sheet
from labs.journal import Fault
from labs.messages import Row


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to place: an item's beginning, its landing or its end."""

    key: tuple[float, int, int]
    part: str  # "begins" | "lands" | "heals"
    item: Item


def lay_out(
    items: list[Item],
    hosts: tuple[str, ...],
    sheet: Sheet,
    serves: dict[str, str],
    mark: int | None,
) -> Scene:
    """The picture as a scene; `serves` is the line under each machine's name."""
    drawing = Drawing(sheet, hosts, serves, mark)
    drawing.learn(tuple(item for item in items if isinstance(item, Row)))
    time = None
    for step in _steps(items, hosts):
        gap = _gap(step.key[0] - time) if time is not None else 8.0
        time = step.key[0]
        drawing.place(step.item, step.part, gap)
    return drawing.finish()


def _steps(items: list[Item], hosts: tuple[str, ...]) -> list[Step]:
    steps: list[Step] = []
    for at, item in enumerate(items):
        if isinstance(item, Quiet):
            steps.append(Step((item.until, -1, at), "begins", item))
            continue
        if isinstance(item, Row) and not set(ends(item)) & set(hosts):
            continue
        steps.append(Step((item.time, 1, at), "begins", item))
        if isinstance(item, Folded):
            continue
        landed = getattr(item.what, "arrived", None)
        if landed is not None:
            steps.append(Step((landed, 1 if landed == item.time else 0, at), "lands", item))
        if isinstance(item.what, Fault) and lasts(item.what) and item.what.until is not None:
            steps.append(Step((item.what.until, 0, at), "heals", item))
    return sorted(steps, key=lambda step: (*step.key, step.part))


def _gap(seconds: float) -> float:
    """How far apart two moments are drawn at least, in pixels: by the order of magnitude."""
    return 0.0 if seconds <= 0 else 4.0 + min(20.0, 5 * log10(1 + seconds / 0.01))
