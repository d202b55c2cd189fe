"""Arrows: what leaves one lane, and lands on another, waits for a heal, or never arrives."""

from __future__ import annotations

from math import log10

from labs.diagram import sheet as paper
from labs.diagram.canvas import Canvas, bead_box
from labs.diagram.chosen import ends
from labs.diagram.scene import Box, Label, Point, Stroke
from labs.diagram.sheet import Spans
from labs.diagram.words import about, fate, name, weight
from labs.journal import Ended, Opened, Refused
from labs.messages import Message, Row

SLOW = 1.0  # seconds; a flight as long as that has the time of its landing written
HOME = 46  # pixels that an arrow from a machine to itself reaches


def leave(canvas: Canvas, row: Row) -> None:
    """Draw a departure; what arrives is drawn to its end by `land`."""
    first, second = ends(row)
    a, b = canvas.x(first), canvas.x(second)
    to = b if b != a else a + 240
    style, spans = _style(row, first), _spans(row)

    def label(y: float) -> Label:
        return paper.over_line(canvas.sheet, a, to, y, spans, row.number)

    y = canvas.free(lambda y: [label(y).box, *bead_box(a, y, row.number)], canvas.y)
    canvas.tick(y, row.time, row.number)
    canvas.keep(label(y), style)
    canvas.bead(row.number, a, y, style, first)
    canvas.reach(y, [first])
    arrived = getattr(row.what, "arrived", None)
    if arrived is None:
        _vanish(canvas, row, (a, y), to)
        return
    canvas.left[id(row)] = y
    if b > a:
        canvas.to_the_right[id(row)] = canvas.hosts.index(first)
    if b != a and arrived - row.time < SLOW:
        end = y + _slant(arrived - row.time)
        canvas.keep_clear(a, y, b, end)
        canvas.due[id(row)] = (second, _tip(a, b, end)[0])


def land(canvas: Canvas, row: Row) -> None:
    """Draw an arrow to where it lands."""
    first, second = ends(row)
    a, b = canvas.x(first), canvas.x(second)
    top = canvas.left.pop(id(row))
    canvas.to_the_right.pop(id(row), None)
    due = canvas.due.pop(id(row), None)
    canvas.taken = [box for box in canvas.taken if due is None or box is not due[1]]
    style = _style(row, first)
    if a == b:
        _land_at_home(canvas, row, (a, top), style)
        return
    flight = getattr(row.what, "arrived", row.time) - row.time
    held = isinstance(row.what, Message) and row.what.held
    # A short flight keeps its slope beside others under way; a long one shows what it outlasts.
    least = canvas.y if held or flight >= SLOW else canvas.lane_y[second]
    y = canvas.free(lambda y: _tip(a, b, y), max(least, top + _slant(flight)))
    start = (a, top)
    if held:
        start = _wait(canvas, row, (a, top), (b, y))
        canvas.keep_clear(*start, b, y)
    arrow = Stroke((start, (b, y)), style, "head", style == "soft", row.number)
    canvas.stroke(arrow, keep_tip=False)
    canvas.taken += _tip(a, b, y)
    canvas.tick(y, row.time + flight, flight >= SLOW)
    canvas.reach(y, [second])


def _tip(a: float, b: float, y: float) -> list[Box]:
    x = b - 5 if b > a else b + 5
    return [Box(x - 6, y - 5, x + 6, y + 5)]


def _land_at_home(canvas: Canvas, row: Row, start: Point, style: str) -> None:
    a, top = start
    points = (start, (a + HOME, top + 3), (a + HOME, top + 13), (a, top + 16))
    canvas.stroke(Stroke(points, style, "head", style == "soft", row.number), keep_tip=False)
    canvas.taken.append(Box(a, top, a + HOME + 4, top + 18))
    canvas.reach(top + 16, [ends(row)[0]])


def _spans(row: Row) -> Spans:
    dot = "· " if about(row) else ""
    spans = [
        (name(row), "name" if row.number else "soft"),
        (about(row), "soft"),
        (dot + weight(row), "size") if weight(row) else ("", ""),
        (fate(row), "harm"),
    ]
    return tuple(span for span in spans if span[0])


def _style(row: Row, host: str) -> str:
    if isinstance(row.what, Message):
        return host if row.what.arrived is not None else "harm"
    return "harm" if row.number else "soft"


def _vanish(canvas: Canvas, row: Row, start: Point, to: float) -> None:
    """A line that ends in a cross: at a closed door, or half-way."""
    a, y = start
    if isinstance(row.what, Refused):
        end = (to - 14 if to > a else to + 14, y + 12)
    else:
        end = (a + (to - a) * 0.56, y + 9)
    housekeeping = isinstance(row.what, Ended | Opened) and not row.number
    style = "soft" if housekeeping else "harm"
    canvas.stroke(Stroke((start, end), style, "cross", True, row.number))
    canvas.y = max(canvas.y, y + 6)


def _wait(canvas: Canvas, row: Row, start: Point, end: Point) -> Point:
    """An arrow that sets out and stands still until the heal; where it goes on from."""
    (a, top), (b, y) = start, end
    share = 0.10 + 0.04 * (canvas.waits % 8)
    canvas.waits += 1
    x = round(a + (b - a) * share, 1)
    stop, go = (x, top + 4), (x, y - 4 - 0.03 * abs(b - x))
    style = _style(row, ends(row)[0])
    canvas.stroke(Stroke((start, stop), style, "", False, row.number), keep_tip=False)
    canvas.stroke(Stroke((stop, go), style, "", True, row.number), keep_tip=False)
    return go


def _slant(seconds: float) -> float:
    """How far an arrow falls on its way, in pixels: by the order of magnitude of its flight."""
    return 5.0 + min(30.0, 8 * log10(1 + max(seconds, 0.0) / 0.001))
