"""A lifecycle's table as a picture and as text.

States stand in one column in the order of the table. A move to the next state goes straight
down, other moves down go round by the right, moves up by the left; each carries its event where
it leaves its state, so that labels cannot collide.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby

from labs.lifecycle import Lifecycle
from labs.palette import bundle, picture, text

BOX, LINE, LANE, LETTER, EDGE = 132.0, 15.0, 16.0, 6.7, 16.0  # user units


@dataclass(frozen=True)
class StateDiagram:
    """A lifecycle to be shown; `added` are the moves that the lesson at hand adds."""

    lifecycle: Lifecycle
    title: str
    added: Collection[tuple[str, str]] = ()

    def __str__(self) -> str:
        plus = {key: "+" if key in self.added else " " for key in self.lifecycle.moves}
        lines = [self.title]
        for state in self.lifecycle.states():
            events = self.lifecycle.events(state)
            lines.append(f"  {state}" if events else f"  {state} (the end)")
            for event in events:
                key = state, event
                lines.append(f"  {plus[key]} {event} -> {self.lifecycle.moves[key]}")
        return "\n".join(lines + ["  + added by this lesson"] * bool(self.added))

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, the text twin."""
        return _Layout(self).svg()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))


def draw(lifecycle: Lifecycle, title: str, added: Collection[tuple[str, str]] = ()) -> StateDiagram:
    """The diagram of `lifecycle`; the keys in `added` are marked as this lesson's own."""
    return StateDiagram(lifecycle, title, added)


@dataclass(slots=True)
class _Edge:
    """All moves from one state to another, drawn as one line."""

    source: int
    target: int
    labels: list[str]
    new: bool
    lane: int = 0
    leaves: float = 0.0
    enters: float = 0.0

    def span(self) -> int:
        return abs(self.target - self.source)

    def side(self) -> str:
        step = self.target - self.source
        return "down" if step == 1 else "right" if step >= 0 else "left"


@dataclass(slots=True)
class _Layout:
    diagram: StateDiagram
    states: tuple[str, ...] = ()
    edges: list[_Edge] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    def svg(self) -> str:
        self.states = self.diagram.lifecycle.states()
        self.edges = _edges(self.diagram)
        self._place_states()
        for side in ("left", "right"):
            self._place_lanes([edge for edge in self.edges if edge.side() == side])
        left, right = self._margin("left"), self._margin("right")
        body = "".join(self._edge(edge, left) for edge in self.edges)
        body += "".join(self._state(row, left) for row in range(len(self.states)))
        bottom = self.tops[-1] + self.heights[-1] + EDGE
        if self.diagram.added:
            bottom += LINE
            body += text(EDGE, bottom - 8, "+ added by this lesson", "added")
        width = left + BOX + right
        return picture(self.diagram.title, str(self.diagram), width, bottom, body)

    def _place_states(self) -> None:
        top = EDGE
        for row in range(len(self.states)):
            self.tops.append(top)
            self.heights.append(max(34.0, *(self._ports(row, side, top) for side in SIDES)))
            down = [edge for edge in self.edges if edge.source == row and edge.side() == "down"]
            gap = max((len(edge.labels) * LINE + 20 for edge in down), default=22.0)
            top += self.heights[-1] + gap

    def _ports(self, row: int, side: str, top: float) -> float:
        """Give each line that meets this side of the state its height; the height of all."""
        at = top
        edges = [edge for edge in self.edges if edge.side() == side]
        for edge in edges:
            if edge.source == row:
                at += len(edge.labels) * LINE + 4
                edge.leaves = at
            if edge.source == edge.target == row:
                at += LINE
                edge.enters = at
        # Lanes do not cross where the outermost comes in last, or first when it comes from below
        for edge in sorted(edges, key=_Edge.span, reverse=side == "left"):
            if edge.target == row != edge.source:
                at += LINE
                edge.enters = at
        return at - top + 8

    def _place_lanes(self, edges: list[_Edge]) -> None:
        for lane, edge in enumerate(sorted(edges, key=_Edge.span)):
            edge.lane = lane

    def _margin(self, side: str) -> float:
        edges = [edge for edge in self.edges if edge.side() == side]
        down = [edge for edge in self.edges if edge.side() == "down" and side == "right"]
        straight = max((_widest(edge) - BOX / 2 + 8 for edge in down), default=0.0)
        return max(self._labels(side) + len(edges) * LANE, straight, 0.0) + EDGE

    def _labels(self, side: str) -> float:
        return max((_widest(edge) for edge in self.edges if edge.side() == side), default=0.0)

    def _state(self, row: int, left: float) -> str:
        top, height = self.tops[row], self.heights[row]
        end = not self.diagram.lifecycle.events(self.states[row])
        stroke = "var(--hls-ink)" if end or row == 0 else "var(--hls-soft)"
        box = (
            f'<rect x="{left:g}" y="{top:g}" width="{BOX:g}" height="{height:g}" rx="8" '
            f'fill="var(--hls-box)" stroke="{stroke}" stroke-width="{2 if end else 1}"/>'
        )
        middle = 'text-anchor="middle" font-weight="700"'
        return box + text(left + BOX / 2, top + height / 2 + 4, self.states[row], "ink", middle)

    def _edge(self, edge: _Edge, left: float) -> str:
        if edge.side() == "down":
            return self._straight(edge, left + BOX / 2)
        sign = 1 if edge.side() == "right" else -1
        start = left + BOX if sign > 0 else left
        lane = start + sign * (self._labels(edge.side()) + edge.lane * LANE + 6)
        points = [(start, edge.leaves), (lane, edge.leaves), (lane, edge.enters)]
        points.append((start + sign * 2, edge.enters))
        anchor = "start" if sign > 0 else "end"
        return _line(points, edge) + _labels(start + sign * 8, edge.leaves - 4, edge, anchor)

    def _straight(self, edge: _Edge, x: float) -> str:
        start, end = self.tops[edge.source] + self.heights[edge.source], self.tops[edge.target]
        middle = (start + end) / 2 + (len(edge.labels) - 1) * LINE / 2 + 2
        return _line([(x, start), (x, end - 2)], edge) + _labels(x + 10, middle, edge, "start")


SIDES = ("left", "right")


def _edges(diagram: StateDiagram) -> list[_Edge]:
    rows = {state: row for row, state in enumerate(diagram.lifecycle.states())}
    moves = [
        (rows[source], rows[target], (source, event) in diagram.added, event)
        for (source, event), target in diagram.lifecycle.moves.items()
    ]
    grouped = groupby(sorted(moves, key=lambda move: move[:3]), key=lambda move: move[:3])
    return [
        _Edge(source, target, [f"+ {event}" if new else event for *_, event in group], new)
        for (source, target, new), group in grouped
    ]


def _widest(edge: _Edge) -> float:
    return max(len(label) for label in edge.labels) * LETTER + 12


def _labels(x: float, y: float, edge: _Edge, anchor: str) -> str:
    colour, last = "added" if edge.new else "soft", len(edge.labels) - 1
    return "".join(
        text(x, y - (last - row) * LINE, label, colour, f'text-anchor="{anchor}"')
        for row, label in enumerate(edge.labels)
    )


def _line(points: list[tuple[float, float]], edge: _Edge) -> str:
    colour = f"var(--hls-{'added' if edge.new else 'usual'})"
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    (x, y), (before_x, before_y) = points[-1], points[-2]
    back, across = ((y > before_y) * 2 - 1) * 8, ((x > before_x) * 2 - 1) * 8
    if x == before_x:
        head = f"{x:g},{y:g} {x - 4:g},{y - back:g} {x + 4:g},{y - back:g}"
    else:
        head = f"{x:g},{y:g} {x - across:g},{y - 4:g} {x - across:g},{y + 4:g}"
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="{2.5 if edge.new else 1.5}"/><polygon points="{head}" fill="{colour}"/>'
    )
