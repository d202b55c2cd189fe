"""Herds as bars: attempts per tenth of a second, one panel a policy, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labs.backoff import Herd
from labs.palette import bundle, picture, text

WIDTH, PANEL, HEAD, LEFT = 640.0, 96.0, 56.0, 44.0  # user units
PLOT = WIDTH - LEFT - 16
BLOCKS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class HerdChart:
    """Several herds to be compared over the first `seconds`; `capacity` is drawn as a line."""

    herds: tuple[Herd, ...]
    title: str
    seconds: float
    capacity: int

    def __str__(self) -> str:
        top = self._top()
        lines = [self.title, f"first {self.seconds:g} s, one mark = 0.5 s, full height = {top}"]
        for herd in self.herds:
            lines += [str(herd), f"  {_marks(herd, top, round(self.seconds * 2))}"]
        return "\n".join(lines)

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, every figure it shows."""
        panels = "".join(self._panel(row, herd) for row, herd in enumerate(self.herds))
        height = HEAD + PANEL * len(self.herds) + 8
        desc = "; ".join(map(str, self.herds)) + f". The server admits {self.capacity} per 0.1 s."
        head = text(16, 24, self.title, "ink", 'font-weight="700" font-size="14"')
        head += text(16, 42, f"attempts per 0.1 s; dashed: the {self.capacity} admitted", "soft")
        return picture(self.title, desc, WIDTH, height, head + panels)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    def _top(self) -> int:
        return max([herd.peak for herd in self.herds] + [self.capacity])

    def _panel(self, row: int, herd: Herd) -> str:
        base, scale = HEAD + PANEL * (row + 1) - 22, (PANEL - 44) / self._top()
        line = base - self.capacity * scale
        return (
            text(LEFT, base - PANEL + 36, str(herd), "ink")
            + f'<path d="{self._bars(herd, base, scale)}" fill="var(--hls-usual)"/>'
            + _rule(base, "line", "")
            + _rule(line, "harm", 'stroke-dasharray="4 3"')
            + text(LEFT - 6, base - self._top() * scale + 4, str(self._top()), "soft", END)
            + text(LEFT - 6, base + 4, "0", "soft", END)
            + text(LEFT, base + 14, "0 s", "soft")
            + text(WIDTH - 16, base + 14, f"{self.seconds:g} s", "soft", END)
        )

    def _bars(self, herd: Herd, base: float, scale: float) -> str:
        tenths = round(self.seconds * 10)
        step = PLOT / tenths
        return "".join(
            f"M{LEFT + tenth * step:.1f},{base:.1f}h{max(step, 1):.1f}v{-number * scale:.1f}"
            f"h{-max(step, 1):.1f}z"
            for tenth, number in enumerate(herd.attempts[:tenths])
            if number
        )


def herd_chart(
    herds: Sequence[Herd],
    title: str = "Who comes back when",
    seconds: float = 12.0,
    capacity: int = 100,
) -> HerdChart:
    """The chart of `herds` over their first `seconds`, all on the scale of the highest peak."""
    return HerdChart(tuple(herds), title, seconds, capacity)


END = 'text-anchor="end"'


def _rule(y: float, colour: str, more: str) -> str:
    return (
        f'<line x1="{LEFT:g}" x2="{WIDTH - 16:g}" y1="{y:g}" y2="{y:g}" '
        f'stroke="var(--hls-{colour})" {more}/>'
    )


def _marks(herd: Herd, top: int, count: int) -> str:
    halves = [max(herd.attempts[5 * at : 5 * at + 5], default=0) for at in range(count)]
    return "".join(BLOCKS[-(-number * 8 // top)] for number in halves).rstrip()
