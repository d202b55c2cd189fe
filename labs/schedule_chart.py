"""Retry schedules on one line of time, and which attempt reaches a receiver that was down.

One row a sender, on a scale that grows by tens. A ring is an attempt that fails, a disc the one
that arrives, a tick one that is no longer needed; where steps are not published, a dashed line
says how long they go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from labs.palette import bundle, picture, text
from labs.webhook.schedules import Schedule, clock

WIDTH, LEFT, PLOT, ROW, HEAD, FOOT = 700.0, 140.0, 345.0, 20.0, 62.0, 30.0  # user units
MONTH = 30 * 86400
TICKS = {"0": 0, "1 min": 60, "1 h": 3600, "1 day": 86400, "30 days": MONTH}
HIDDEN = "perhaps: steps not published"


@dataclass(frozen=True, slots=True)
class ScheduleChart:
    """What each sender's event meets: a receiver that is down for `down` s, then slow by `slow`."""

    schedules: tuple[Schedule, ...]
    title: str
    down: float = 0.0
    slow: float = 0.0

    @property
    def delivered(self) -> tuple[str, ...]:
        """The senders whose event arrives by an attempt that is published."""
        return tuple(s.sender for s in self.schedules if self._arrives(s))

    @property
    def lost(self) -> tuple[str, ...]:
        """The senders whose event does not arrive."""
        return tuple(s.sender for s in self.schedules if self._late(s) or s.last < self.down)

    def fate(self, schedule: Schedule) -> str:
        """What becomes of the event, in words."""
        if self._late(schedule):
            return f"never: it waits {schedule.deadline} s only"
        if number := self._arrives(schedule):
            return f"attempt {number}, after {clock(schedule.times()[number - 1])}"
        return "never" if schedule.last < self.down else HIDDEN

    def __str__(self) -> str:
        lines = [self.title, self._outage()]
        for each in self.schedules:
            lines.append(f"  {each.sender:<18} {_steps(each):<24} {self.fate(each)}")
        return "\n".join(lines)

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, the text twin."""
        bottom = HEAD + ROW * len(self.schedules) + 6
        head = text(16, 24, self.title, "ink", 'font-weight="700" font-size="14"')
        head += text(16, 42, self._outage(), "soft")
        band = _x(self.down) - LEFT
        body = (
            f'<rect x="{LEFT:g}" y="{HEAD - 8:g}" width="{band:.1f}" '
            f'height="{bottom - HEAD + 8:g}" fill="var(--hls-band)"/>'
        )
        body += "".join(_tick(name, at, bottom) for name, at in TICKS.items())
        body += "".join(self._row(row, each) for row, each in enumerate(self.schedules))
        return picture(self.title, str(self), WIDTH, bottom + FOOT, head + body)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    def _outage(self) -> str:
        after = f", then answers after {self.slow:g} s" if self.slow else ""
        return f"the receiver is down for {clock(self.down)}{after}"

    def _late(self, schedule: Schedule) -> bool:
        return bool(schedule.deadline) and self.slow > (schedule.deadline or 0)

    def _arrives(self, schedule: Schedule) -> int | None:
        return None if self._late(schedule) else schedule.first_from(self.down)

    def _row(self, row: int, schedule: Schedule) -> str:
        y, arrives = HEAD + ROW * row + 8, self._arrives(schedule)
        drawn = text(LEFT - 10, y + 4, schedule.sender, "ink", 'text-anchor="end"')
        times = schedule.times()
        drawn += _line(_x(times[-1]), _x(schedule.last), y) if schedule.last > times[-1] else ""
        for number, time in enumerate(times, 1):
            shape = _ring if not arrives or number < arrives else _disc
            drawn += (_mark if arrives and number > arrives else shape)(_x(time), y)
        return drawn + text(LEFT + PLOT + 16, y + 4, self.fate(schedule), "soft")


def schedule_chart(
    schedules: Sequence[Schedule], down: float = 0.0, slow: float = 0.0, title: str = ""
) -> ScheduleChart:
    """The chart of `schedules`, those that end first on top; `down` and `slow` in seconds."""
    ordered = sorted(schedules, key=lambda each: (each.last, each.sender))
    return ScheduleChart(tuple(ordered), title or "Who tries again, and until when", down, slow)


def _steps(schedule: Schedule) -> str:
    last = clock(schedule.last)
    if schedule.last > schedule.times()[-1]:
        return f"goes on to {last}"
    many = len(schedule.delays)
    return "no second attempt" if many == 1 else f"{many} attempts to {last}"


def _x(time: float) -> float:
    return LEFT + PLOT * min(log10(1 + time) / log10(1 + MONTH), 1.0)


def _tick(name: str, at: float, bottom: float) -> str:
    x = _x(at)
    line = f'<path d="M{x:.1f},{HEAD - 8:g}V{bottom:g}" stroke="var(--hls-line)"/>'
    return line + text(x, bottom + 16, name, "soft", 'text-anchor="middle"')


def _line(x: float, end: float, y: float) -> str:
    dashes = 'stroke="var(--hls-soft)" stroke-dasharray="4 4"'
    return f'<path d="M{x:.1f},{y:g}H{end:.1f}" {dashes}/>'


def _ring(x: float, y: float) -> str:
    look = 'fill="var(--hls-ground)" stroke="var(--hls-harm)" stroke-width="1.5"'
    return f'<circle cx="{x:.1f}" cy="{y:g}" r="3.5" {look}/>'


def _disc(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:g}" r="5" fill="var(--hls-usual)"/>'


def _mark(x: float, y: float) -> str:
    return f'<path d="M{x:.1f},{y - 4:g}v8" stroke="var(--hls-soft)" stroke-width="1.5"/>'
