"""A picture that grows downwards: what is taken, how far each lane has come, the small parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil

from labs.diagram.scene import Band, Bead, Box, Label, Lane, Scene, Stroke, Tick
from labs.diagram.sheet import Sheet
from labs.diagram.times import clock
from labs.diagram.words import several
from labs.messages import Row

BEAD = 10.5  # pixels from a bead's middle to its edge
RECENT = 80  # boxes that a new one may meet; older ones are far above
PARTS = 12  # boxes that a slanted line is covered with


class Canvas:
    """A scene under way."""

    def __init__(
        self, sheet: Sheet, hosts: tuple[str, ...], rows: tuple[Row, ...], mark: int | None
    ) -> None:
        self.sheet, self.hosts, self.mark = sheet, hosts, mark
        self.many = several(rows)
        self.scene = Scene(sheet.width)
        self.y = sheet.top  # the lowest moment so far
        self.taken = [Box(0, 0, sheet.width, sheet.top - 17)]  # the headings
        self.left: dict[int, float] = {}  # the height at which arrows under way left
        self.due: dict[int, tuple[str, Box]] = {}  # the lane that they are to reach, and where
        self.to_the_right: dict[int, int] = {}  # and the lane of those that go to the right
        self.bands: dict[int, int] = {}  # faults that still last, by row: their place in the scene
        self.waits = 0  # arrows that waited for a heal, so far
        self.lane_y = dict.fromkeys(hosts, sheet.top)  # the height of each lane's last event
        self.states: dict[str, dict[int, str]] = {host: {} for host in hosts}
        self._drawn_to = dict.fromkeys(hosts, sheet.top)
        self._said = ""

    def finish(self) -> Scene:
        """The scene, with lanes and lasting faults drawn to the end."""
        lowest = max(box.bottom for box in self.taken)
        self.y = max(self.y, lowest) + 4
        for row in list(self.bands):
            self.close_band(row)
        for host in self.hosts:
            self.draw_lane(host, self.y + 14)
        self.scene.height = round(self.y + 26)
        return self.scene

    def x(self, host: str) -> float:
        """Where a machine's lane is."""
        return self.sheet.lanes[self.hosts.index(host)]

    def free(self, boxes: Callable[[float], list[Box]], y: float) -> float:
        """The first height from `y` downwards at which none of the boxes meets a taken one."""
        near = self.taken[-RECENT:]
        while True:
            hits = [(new, old) for new in boxes(y) for old in near if new.meets(old)]
            if not hits:
                return ceil(y * 10 - 1e-6) / 10
            y += max([old.bottom - new.top for new, old in hits] + [0.5])

    def reach(self, y: float, hosts: tuple[str, ...] | list[str]) -> None:
        """Nothing on these lanes may happen above `y` any more."""
        self.lane_y |= dict.fromkeys(hosts, y)
        self.y = max(self.y, y)

    def keep(self, label: Label, style: str) -> None:
        """Put a label into the scene; its name is in the style given."""
        lines = tuple(
            tuple((text, style if kind == "name" else kind) for text, kind in line)
            for line in label.lines
        )
        self.taken.append(label.box)
        self.scene.labels.append(replace(label, lines=lines))
        if label.number and label.number == self.mark:
            box = Box(2, label.box.top - 4, self.sheet.width - 2, label.box.bottom + 20)
            self.scene.bands.append(Band(box, "mark"))

    def bead(
        self, number: int, x: float, y: float, style: str, owner: str = "", hollow: bool = False
    ) -> None:
        """Put a numbered bead on a lane; what has no number has no bead."""
        self.taken += bead_box(x, y, number)
        if number:
            self.scene.beads.append(Bead(x, y, owner, style, number, hollow))

    def stroke(self, stroke: Stroke, keep_tip: bool = True) -> None:
        """Put a line into the scene; its tip is kept clear."""
        self.scene.strokes.append(stroke)
        x, y = stroke.points[-1]
        if keep_tip:
            self.taken.append(Box(x - 6, y - 6, x + 6, y + 6))

    def keep_clear(self, a: float, top: float, b: float, y: float) -> None:
        """Keep labels off a slanted line."""
        for at in range(1, PARTS - 1):
            x = [a + (b - a) * each / PARTS for each in (at, at + 1)]
            line = top + (y - top) * (at + 0.5) / PARTS
            self.taken.append(Box(min(x), line - 2, max(x), line + 2))

    def tick(self, y: float, time: float, number: int = 1) -> None:
        """Write a moment into the column of times, once, where there is room."""
        says = clock(time)
        last = self.scene.ticks[-1].y if self.scene.ticks else -99.0
        if number and says != self._said and y - last >= self.sheet.small + 2:
            self.scene.ticks.append(Tick(y, says))
            self._said = says

    def open_band(self, row: Row, box: Box) -> None:
        """Begin the ground of a lasting fault."""
        self.bands[id(row)] = len(self.scene.bands)
        self.scene.bands.append(Band(box, "band"))

    def close_band(self, row: int) -> None:
        """End it here; a fault of one machine has no ground."""
        if row not in self.bands:
            return
        at = self.bands.pop(row)
        band = self.scene.bands[at]
        self.scene.bands[at] = replace(band, box=replace(band.box, bottom=self.y))

    def draw_lane(self, host: str, bottom: float) -> None:
        """Draw a lane as far as `bottom` in the state that it had until there."""
        states = set(self.states[host].values())
        best = next((state for state in ("off", "open", "waiting") if state in states), "idle")
        top = self._drawn_to[host]
        if bottom > top:
            self.scene.lanes.append(Lane(self.x(host), top, bottom, host, best))
            self._drawn_to[host] = bottom


def bead_box(x: float, y: float, number: int = 1) -> list[Box]:
    """The room that a bead takes: none without a number."""
    return [Box(x - BEAD, y - BEAD, x + BEAD, y + BEAD)] if number else []
