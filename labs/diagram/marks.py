"""How each kind of event is drawn: arrows, beads, labels, bands, broken lines."""

from __future__ import annotations

from math import log10

from labs.diagram import sheet as paper
from labs.diagram.chosen import Folded, Item, ends, lasts
from labs.diagram.scene import Band, Bead, Box, Label, Lane, Point, Scene, Stroke, Tick
from labs.diagram.sheet import Sheet
from labs.diagram.words import about, between, clock, fate, name, several, weight
from labs.journal import Ended, Fault, Note, Opened, Refused
from labs.messages import Belief, Message, Row

BEAD = 10.5  # pixels from a bead's middle to its edge
LANE_STATES = {"open": "open", "waiting": "waiting", "closing": "waiting", "connecting": "waiting"}
SLOW = 1.0  # seconds; a landing that late has its time written


class Drawing:
    """A scene that grows downwards."""

    def __init__(
        self, sheet: Sheet, hosts: tuple[str, ...], serves: dict[str, str], mark: int | None
    ) -> None:
        self.sheet, self.hosts, self.serves, self.mark = sheet, hosts, serves, mark
        self.scene = Scene(sheet.width)
        self.y = sheet.top
        self.many: frozenset[str] = frozenset()
        self.taken: list[Box] = []
        self.left: dict[int, float] = {}  # the height at which arrows under way left
        self.left_to_right: dict[int, int] = {}  # and the lane of those that go to the right
        self.bands: dict[int, float] = {}
        self.lane_states: dict[str, dict[int, str]] = {host: {} for host in hosts}
        self.lane_from: dict[str, float] = dict.fromkeys(hosts, sheet.top)
        self.waits = 0  # arrows that waited for a heal, so far
        self._said = ""

    def learn(self, rows: tuple[Row, ...]) -> None:
        """See all rows before the first is placed."""
        self.many = several(rows)

    def place(self, item: Item, part: str, gap: float) -> None:
        """Draw one step of an item, at least `gap` pixels below the one before."""
        self.y += gap
        if not isinstance(item, Row):
            self._break(item)
        elif part == "lands":
            self._land(item)
        elif part == "heals":
            self._heal(item)
        elif isinstance(item.what, Fault):
            self._harm(item, item.what)
        elif isinstance(item.what, Belief | Note):
            self._think(item)
        else:
            self._leave(item)

    def finish(self) -> Scene:
        """The scene, with lanes drawn to their ends."""
        self.y = max(self.y, *(box.bottom for box in self.taken), self.sheet.top) + 4
        for number in list(self.bands):
            self._close_band(number)
        for host in self.hosts:
            self._lane(host, self.y + 14)
        self.scene.height = round(self.y + 26)
        return self.scene

    # -- arrows ----------------------------------------------------------------------------

    def _leave(self, row: Row) -> None:
        first, second = ends(row)
        a, b = self._x(first), self._x(second)
        style = self._style(row, first)
        spans = [(name(row), "name" if style != "soft" else "soft"), (about(row), "soft")]
        spans += [(weight(row), "size"), (fate(row), "harm")]
        spans = [span for span in spans if span[0]]
        to = b if b != a else a + 120

        def label(y: float) -> Label:
            return paper.over_line(self.sheet, a, to, y, tuple(spans), row.number)

        y = self._free(lambda y: [label(y).box, *self._bead_box(a, y, row.number)], self.y)
        self._tick(y, row.time, row.number)
        self._keep(label(y), style)
        self._bead(row, a, y, style, first)
        self._travel(row, (a, y), to, style)

    def _travel(self, row: Row, start: Point, to: float, style: str) -> None:
        a, y = start
        what = row.what
        if isinstance(what, Refused):
            end = to - 14 if to > a else to + 14
            self._stroke(Stroke((start, (end, y + 12)), "harm", "cross", True, row.number))
            self.y = y + 12
        elif isinstance(what, Message | Ended | Opened) and what.arrived is None:
            end = (a + (to - a) * 0.56, y + 9)
            self._stroke(Stroke((start, end), "harm", "cross", True, row.number))
            self.y = y + 6
        else:
            self.left[id(row)] = y
            if to > a:
                self.left_to_right[id(row)] = self.sheet.lanes.index(a)
            self.y = y

    def _land(self, row: Row) -> None:
        first, second = ends(row)
        a, b = self._x(first), self._x(second)
        top = self.left.pop(id(row))
        self.left_to_right.pop(id(row), None)
        arrived = getattr(row.what, "arrived", row.time)
        if a == b:
            self._land_at_home(row, a, top)
            return
        tip = b - 5 if b > a else b + 5
        y = max(self.y, top + _slant(arrived - row.time))
        y = self._free(lambda y: [Box(tip - 6, y - 5, tip + 6, y + 5)], y)
        held = isinstance(row.what, Message) and row.what.held
        style = self._style(row, first)
        start = self._wait(row, a, b, top, y) if held else (a, top)
        dashed = isinstance(row.what, Opened) or (isinstance(row.what, Ended) and style == "soft")
        self.scene.strokes.append(Stroke((start, (b, y)), style, "head", dashed, row.number))
        self.taken.append(Box(tip - 6, y - 5, tip + 6, y + 5))
        if y - top < 60 and not held:
            self._keep_clear(a, top, b, y)
        if arrived - row.time >= SLOW:
            self._tick(y, arrived, 1)
        self.y = y

    def _land_at_home(self, row: Row, x: float, top: float) -> None:
        points = ((x, top), (x + 46, top + 3), (x + 46, top + 13), (x, top + 16))
        self.scene.strokes.append(
            Stroke(points, self._style(row, ends(row)[0]), "head", False, row.number)
        )
        self.taken.append(Box(x, top, x + 50, top + 18))
        self.y = max(self.y, top + 16)

    def _wait(self, row: Row, a: float, b: float, top: float, y: float) -> Point:
        """An arrow that sets out and stands still until the heal; where it goes on from."""
        share = 0.10 + 0.04 * (self.waits % 8)
        self.waits += 1
        x = round(a + (b - a) * share, 1)
        stop, go = (x, top + 4), (x, y - 4 - 0.03 * abs(b - x))
        style = self._style(row, ends(row)[0])
        self.scene.strokes.append(Stroke(((a, top), stop), style, "", False, row.number))
        self.scene.strokes.append(Stroke((stop, go), style, "", True, row.number))
        return go

    # -- what is said, thought and suffered ------------------------------------------------

    def _think(self, row: Row) -> None:
        host = ends(row)[0]
        if host not in self.hosts:
            return
        at, x = self.hosts.index(host), self._x(host)
        says = about(row, host in self.many)
        style = "ink" if isinstance(row.what, Belief) else "note"

        def label(y: float) -> Label:
            return paper.beside_lane(self.sheet, at, y, says, style, row.number, busy)

        busy = at in self.left_to_right.values() and len(self.hosts) > 2
        y = self._free(lambda y: [label(y).box, *self._bead_box(x, y, 1)], self.y)
        self._tick(y, row.time, row.number)
        self._keep(label(y), style)
        self._bead(row, x, y, host, host, hollow=True)
        if isinstance(row.what, Belief):
            self._turn(host, row.what.connection, LANE_STATES.get(row.what.state, ""), y)
        self.y = y

    def _harm(self, row: Row, fault: Fault) -> None:
        hosts = [host for host in fault.hosts if host in self.hosts]
        if len(hosts) == 1:
            self._harm_one(row, fault, hosts[0])
            return
        places = [self._x(host) for host in hosts]
        says = f"{fault.name}: {fault.says}" if fault.says else fault.name

        def label(y: float) -> Label:
            a, b = min(places), max(places)
            return paper.across(self.sheet, a, b, y, says, "harm", row.number)

        y = self._free(lambda y: [label(y).box], self.y + 16)
        found = label(y)
        self._tick(y, row.time, row.number)
        self._keep(found, "harm")
        self._bead(row, found.box.left + 10, y, "harm")
        if lasts(fault):
            self.bands[id(row)] = len(self.scene.bands)
            edge = 36 if not self.sheet.narrow else 20
            box = Box(min(places) - edge, found.box.top - 8, max(places) + edge, 0)
            self.scene.bands.append(Band(box, "band"))
        self.y = found.box.bottom + 2

    def _harm_one(self, row: Row, fault: Fault, host: str) -> None:
        at, x = self.hosts.index(host), self._x(host)
        says = f"{fault.name}: {fault.says}" if fault.says else fault.name

        def label(y: float) -> Label:
            return paper.beside_lane(self.sheet, at, y, says, "harm", row.number)

        y = self._free(lambda y: [label(y).box, *self._bead_box(x, y, 1)], self.y)
        self._tick(y, row.time, row.number)
        self._keep(label(y), "harm")
        self._bead(row, x, y, "harm")
        if fault.name in ("crash", "power cut"):
            self._lane(host, y)
            self.lane_states[host] = {0: "off"}
        elif fault.name == "restart":
            self._lane(host, y)
            self.lane_states[host] = {}
        elif lasts(fault):
            self.bands[id(row)] = len(self.scene.bands)
            self.scene.bands.append(Band(Box(x - 18, y - 14, x + 18, 0), "band"))
        self.y = y

    def _heal(self, row: Row) -> None:
        self.y += 8
        if id(row) in self.bands and isinstance(row.what, Fault):
            self._close_band(id(row))
            if row.what.until is not None:
                self._tick(self.y, row.what.until, 1)
        self.y += 6

    def _break(self, item: Item) -> None:
        a, b = self._x(self.hosts[0]), self._x(self.hosts[-1])
        style = "harm" if isinstance(item, Folded) and not item.rows else "soft"

        def label(y: float) -> Label:
            return paper.across(self.sheet, a, b, y, between(item), style)

        def boxes(y: float) -> list[Box]:
            slashes = [
                Box(self._x(host) - 9, y - 9, self._x(host) + 9, y + 9) for host in self.hosts
            ]
            return [label(y).box, *slashes] if len(self.hosts) > 1 else [label(y).box]

        y = self._free(boxes, self.y + 12)
        self.scene.labels.append(label(y))
        self.taken += boxes(y)
        self.scene.breaks += [(self._x(host), y) for host in self.hosts]
        self.y = max(y, label(y).box.bottom - 6) + 16

    # -- small parts -----------------------------------------------------------------------

    def _x(self, host: str) -> float:
        return self.sheet.lanes[self.hosts.index(host)]

    def _style(self, row: Row, host: str) -> str:
        if isinstance(row.what, Message):
            return host if row.what.arrived is not None else "harm"
        return "soft" if not row.number else "harm"

    def _free(self, boxes: object, y: float) -> float:
        """The first place from `y` downwards where none of the boxes meets one that is taken."""
        near = self.taken[-80:]
        while True:
            hits = [(new, old) for new in boxes(y) for old in near if new.meets(old)]  # type: ignore[operator]
            if not hits:
                return round(y, 1)
            y += max(max(old.bottom - new.top for new, old in hits), 0.5)

    def _keep(self, label: Label, style: str) -> None:
        lines = tuple(
            tuple((text, style if kind == "name" else kind) for text, kind in line)
            for line in label.lines
        )
        self.taken.append(label.box)
        kept = Label(
            label.x,
            label.y,
            label.anchor,
            lines,
            label.size,
            label.leading,
            label.box,
            label.number,
        )
        self.scene.labels.append(kept)
        if label.number and label.number == self.mark:
            box = Box(2, label.box.top - 4, self.sheet.width - 2, max(label.box.bottom + 20, 0))
            self.scene.bands.append(Band(box, "mark"))

    def _bead(
        self, row: Row, x: float, y: float, style: str, owner: str = "", hollow: bool = False
    ) -> None:
        self.taken += self._bead_box(x, y, row.number)
        if row.number:
            self.scene.beads.append(Bead(x, y, owner, style, row.number, hollow))

    def _bead_box(self, x: float, y: float, number: int) -> list[Box]:
        return [Box(x - BEAD, y - BEAD, x + BEAD, y + BEAD)] if number else []

    def _stroke(self, stroke: Stroke) -> None:
        self.scene.strokes.append(stroke)
        x, y = stroke.points[-1]
        self.taken.append(Box(x - 6, y - 6, x + 6, y + 6))

    def _keep_clear(self, a: float, top: float, b: float, y: float) -> None:
        parts = 12
        for at in range(1, parts - 1):
            x = [a + (b - a) * each / parts for each in (at, at + 1)]
            line = top + (y - top) * (at + 0.5) / parts
            self.taken.append(Box(min(x), line - 2, max(x), line + 2))

    def _tick(self, y: float, time: float, number: int) -> None:
        says = clock(time)
        last = self.scene.ticks[-1].y if self.scene.ticks else -99.0
        if number and says != self._said and y - last >= self.sheet.small + 2:
            self.scene.ticks.append(Tick(y, says))
            self._said = says

    def _close_band(self, number: int) -> None:
        at = self.bands.pop(number)
        band = self.scene.bands[at]
        box = Box(band.box.left, band.box.top, band.box.right, self.y)
        self.scene.bands[at] = Band(box, band.style)

    def _turn(self, host: str, connection: int, state: str, y: float) -> None:
        self._lane(host, y)
        self.lane_states[host].pop(0, None)
        if state:
            self.lane_states[host][connection] = state
        else:
            self.lane_states[host].pop(connection, None)

    def _lane(self, host: str, bottom: float) -> None:
        """Draw a lane as far as `bottom` in the state that it had until there."""
        states = set(self.lane_states[host].values())
        best = next((s for s in ("off", "open", "waiting") if s in states), "idle")
        top = self.lane_from[host]
        if bottom > top:
            self.scene.lanes.append(Lane(self._x(host), top, bottom, host, best))
            self.lane_from[host] = bottom


def _slant(seconds: float) -> float:
    """How far an arrow falls on its way, in pixels: by the order of magnitude of its flight."""
    return 5.0 + min(30.0, 8 * log10(1 + max(seconds, 0.0) / 0.001))
