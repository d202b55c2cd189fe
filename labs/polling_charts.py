"""Two pictures of polling: staleness against load, and what a crowd's rhythm does to a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from labs.palette import bundle, picture, text
from labs.stream.polling import Crowd, Polling

WIDTH, LEFT, RIGHT = 560.0, 62.0, 18.0  # user units
PLOT = WIDTH - LEFT - RIGHT
END, MIDDLE, BOLD = 'text-anchor="end"', 'text-anchor="middle"', 'font-weight="700"'

TOP, BOTTOM = 76.0, 316.0  # of the trade-off's plot
LOADS, AGES = (1.0, 1e6), (0.1, 500.0)  # its axes, both logarithmic
NEIGHBOURS, UNIT = (1_000, 10_000, 100_000, 1_000_000), {1_000_000: " pages"}
STOPS = (0.2, 1.0, 5.0, 15.0, 60.0, 300.0)  # intervals that are marked on the line

PANEL, HEAD = 92.0, 60.0  # of the crowds' chart
LEAST, MOST = 100, 100_000  # its axis: requests in a second, logarithmic
BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One point on the line that so many clients are bound to; the goal is a corner of the plot."""

    polling: Polling
    title: str
    capacity: float  # requests a second that the server bears
    tolerance: float  # seconds by which the news may be late, in the mean

    def __str__(self) -> str:
        clients, here = self.polling.clients, self.polling.interval
        head = f"{clients:,} pages: requests a second x mean staleness = {clients / 2:,.0f}"
        stops = sorted({*STOPS, here})
        rows = [_row(Polling(clients, stop), ">" if stop == here else " ") for stop in stops]
        return "\n".join([self.title, head, *rows, self._verdict()])

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, the point and the verdict."""
        body = self._corner() + _axes() + self._neighbours() + self._line() + self._point()
        return picture(self.title, f"{_spoken(self.polling)}. {self._verdict()}", WIDTH, 364, body)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    @property
    def inside(self) -> bool:
        """Whether the server bears the load and the readers bear the staleness."""
        return self.polling.load <= self.capacity and self.polling.staleness <= self.tolerance

    def _verdict(self) -> str:
        goal = f"at most {self.capacity:,.0f} requests a second and {self.tolerance:g} s"
        return f"light and fresh enough ({goal}): {'yes' if self.inside else 'no'}"

    def _corner(self) -> str:
        right, top = _x(self.capacity), _y(self.tolerance)
        says = f"{self.capacity:,.0f} a second, {self.tolerance:g} s"
        return (
            f'<rect x="{LEFT:g}" y="{top:.1f}" width="{right - LEFT:.1f}" '
            f'height="{BOTTOM - top:.1f}" fill="var(--hls-box)" stroke="var(--hls-usual)" '
            'stroke-dasharray="4 3"/>'
            + text(LEFT + 8, BOTTOM - 24, "light and fresh enough:", "soft")
            + text(LEFT + 8, BOTTOM - 9, says, "soft")
        )

    def _neighbours(self) -> str:
        others = [number for number in NEIGHBOURS if number != self.polling.clients]
        return "".join(_bound(number, "line", 1) for number in others)

    def _line(self) -> str:
        clients = self.polling.clients
        ticks = (Polling(clients, stop) for stop in STOPS)
        return _bound(clients, "usual", 2.5) + "".join(_tick(each) for each in ticks)

    def _point(self) -> str:
        x, y = _x(self.polling.load), _y(self.polling.staleness)
        side, right, down = (END, -12, 16) if x > WIDTH - 90 else ("", 11, -6)
        says = f"every {self.polling.interval:g} s"
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="var(--hls-added)" '
            'stroke="var(--hls-ground)" stroke-width="2"/>'
            + text(16, 24, self.title, "ink", f'{BOLD} font-size="14"')
            + text(16, 43, f"{self.polling.clients:,} pages, {_spoken(self.polling)}", "ink")
            + text(x + right, y + down, says, "ink", f"{BOLD} {side}")
        )


def trade_off(
    clients: int,
    interval: float,
    title: str = "Load against staleness",
    capacity: float = 2_000,
    tolerance: float = 2.0,
) -> TradeOff:
    """The picture of `clients` that ask every `interval` seconds, and of all they could choose."""
    return TradeOff(Polling(clients, interval), title, capacity, tolerance)


@dataclass(frozen=True, slots=True)
class CrowdChart:
    """Several crowds to be compared: requests in each second, all on one logarithmic scale."""

    crowds: tuple[Crowd, ...]
    title: str

    def __str__(self) -> str:
        scale = f"one mark = 5 s, its worst second, from {LEAST:,} (low) to {MOST:,} (full height)"
        lines = [self.title, scale]
        for crowd in self.crowds:
            lines += [str(crowd), f"  {_marks(crowd)}"]
        return "\n".join(lines)

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, every figure it shows."""
        panels = "".join(self._panel(row, crowd) for row, crowd in enumerate(self.crowds))
        height = HEAD + PANEL * len(self.crowds) + 4
        head = text(16, 24, self.title, "ink", f'{BOLD} font-size="14"')
        head += text(16, 43, "requests a second; each line is ten times the one below", "soft")
        return picture(self.title, "; ".join(map(str, self.crowds)), WIDTH, height, head + panels)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    def _panel(self, row: int, crowd: Crowd) -> str:
        base = HEAD + PANEL * (row + 1) - 22
        rules = "".join(_rule(base, number) for number in (LEAST, 1_000, 10_000, MOST))
        return (
            text(LEFT, base - PANEL + 34, str(crowd), "ink")
            + rules
            + f'<path d="{_bars(crowd, base)}" fill="var(--hls-usual)"/>'
            + text(LEFT, base + 14, "0 s", "soft")
            + text(WIDTH - RIGHT, base + 14, f"{len(crowd.requests)} s", "soft", END)
        )


def crowd_chart(crowds: Sequence[Crowd], title: str = "Who asks when") -> CrowdChart:
    """The chart of `crowds`, one below the other."""
    return CrowdChart(tuple(crowds), title)


def _row(polling: Polling, mark: str) -> str:
    load, age = f"{polling.load:,.0f}", f"{polling.staleness:g}"
    return f"{mark} every {polling.interval:>4g} s  {load:>9} a second  {age:>5} s old"


def _spoken(polling: Polling) -> str:
    load, age = f"{polling.load:,.0f}", f"{polling.staleness:g}"
    return f"every {polling.interval:g} s: {load} requests a second, news {age} s old in the mean"


def _share(value: float, ends: tuple[float, float]) -> float:
    """Where a value stands between the two ends of a logarithmic axis, from 0 to 1."""
    low, high = ends
    return log10(min(max(value, low), high) / low) / log10(high / low)


def _x(load: float) -> float:
    return LEFT + PLOT * _share(load, LOADS)


def _y(age: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * _share(age, AGES)


def _axes() -> str:
    loads = ((1, "1"), (100, "100"), (10_000, "10,000"), (1_000_000, "1,000,000"))
    ages = ((0.1, "0.1 s"), (1, "1 s"), (10, "10 s"), (100, "100 s"))
    across = "".join(text(_x(load), BOTTOM + 16, says, "soft", _at(load)) for load, says in loads)
    up = "".join(text(LEFT - 7, _y(age) + 4, says, "soft", END) for age, says in ages)
    return (
        f'<path d="M{LEFT:g},{TOP:g}V{BOTTOM:g}H{WIDTH - RIGHT:g}" fill="none" '
        f'stroke="var(--hls-line)"/>{across}{up}'
        + text(LEFT, BOTTOM + 36, "up: mean staleness", "soft")
        + text(WIDTH - RIGHT, BOTTOM + 36, "right: requests a second, all pages", "soft", END)
    )


def _at(load: float) -> str:
    return END if load == LOADS[1] else "" if load == LOADS[0] else MIDDLE


def _bound(clients: int, colour: str, width: float) -> str:
    """The line on which load times staleness is half the number of clients."""
    ends = _inside(clients)
    path = "L".join(f"{_x(load):.1f},{_y(clients / 2 / load):.1f}" for load in ends)
    line = f'<path d="M{path}" stroke="var(--hls-{colour})" stroke-width="{width:g}" fill="none"/>'
    if clients not in NEIGHBOURS:
        return line
    return line + text(_x(ends[0]), TOP - 6, f"{clients:,}{UNIT.get(clients, '')}", "soft")


def _inside(clients: int) -> tuple[float, float]:
    """The loads at which the line enters and leaves the plot."""
    return max(LOADS[0], clients / 2 / AGES[1]), min(LOADS[1], clients / 2 / AGES[0])


def _tick(polling: Polling) -> str:
    x, y = _x(polling.load), _y(polling.staleness)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="var(--hls-usual)"/>'


def _height(requests: int) -> float:
    return (PANEL - 46) * _share(requests, (LEAST, MOST))


def _rule(base: float, number: int) -> str:
    y = base - _height(number)
    line = f'<path d="M{LEFT:g},{y:.1f}H{WIDTH - RIGHT:g}" stroke="var(--hls-line)"/>'
    return line + text(LEFT - 7, y + 4, f"{number:,}", "soft", END)


def _bars(crowd: Crowd, base: float) -> str:
    step = PLOT / len(crowd.requests)
    return "".join(
        f"M{LEFT + second * step:.1f},{base:g}h{step:.2f}v{-_height(number):.1f}h{-step:.2f}z"
        for second, number in enumerate(crowd.requests)
        if number > LEAST
    )


def _marks(crowd: Crowd) -> str:
    worst = (max(crowd.requests[at : at + 5]) for at in range(0, len(crowd.requests), 5))
    marks = (
        BLOCKS[round(7 * _share(number, (LEAST, MOST)))] if number else " " for number in worst
    )
    return "".join(marks).rstrip()
