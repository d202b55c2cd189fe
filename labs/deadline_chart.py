"""How long real senders wait for an answer, and which of them call again when it comes later.

One row a sender, the impatient on top. A bar is the time that a sender waits: filled where the
answer is in time, hollow where it is late. The dashed line is the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labs.palette import bundle, picture, text
from labs.webhook.providers import PROVIDERS, Delivery, Provider

WIDTH, LEFT, PLOT, ROW, HEAD, FOOT = 640.0, 146.0, 280.0, 20.0, 62.0, 30.0  # user units
LONGEST = 20.0  # seconds on the scale; a later answer stands at its end
TICKS = (0, 5, 10, 15, 20)


@dataclass(frozen=True, slots=True)
class DeadlineChart:
    """What each sender does when the answer comes after `answer` seconds."""

    deliveries: tuple[tuple[str, Delivery], ...]
    answer: float
    title: str

    @property
    def late(self) -> tuple[str, ...]:
        """The senders that have hung up before the answer."""
        return tuple(name for name, each in self.deliveries if self._late(each))

    @property
    def most(self) -> int:
        """The most calls that any of them makes for one event, as far as that is published."""
        return max(self._calls(each) or 1 for _, each in self.deliveries)

    def fate(self, delivery: Delivery) -> str:
        """How many calls one event takes, in words."""
        if not self._late(delivery):
            return "one call"
        if calls := self._calls(delivery):
            more = (delivery.horizon or 0) > sum(delivery.delays) and not delivery.attempts
            return "one call, and no other" if calls == 1 else f"{calls} calls{' and more' * more}"
        return f"calls again for {_span(delivery.horizon or 0)}"

    def __str__(self) -> str:
        rows = [
            f"  {name:<18} {each.deadline:>2} s  {self.fate(each)}"
            for name, each in self.deliveries
        ]
        return "\n".join([self.title, self._says(), *rows])

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, the text twin."""
        bottom = HEAD + ROW * len(self.deliveries) + 4
        head = text(16, 24, self.title, "ink", 'font-weight="700" font-size="14"')
        head += text(16, 42, f"dashed: {self._says()}", "soft")
        body = "".join(_tick(seconds, bottom) for seconds in TICKS)
        body += "".join(self._row(row, *each) for row, each in enumerate(self.deliveries))
        x = _x(self.answer)
        body += (
            f'<path d="M{x:.1f},{HEAD - 10:g}V{bottom:g}" stroke="var(--hls-harm)" '
            'stroke-width="2" stroke-dasharray="5 3"/>'
        )
        return picture(self.title, str(self), WIDTH, bottom + FOOT, head + body)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    def _says(self) -> str:
        late, all_of_them = len(self.late), len(self.deliveries)
        return f"your answer, after {self.answer:g} s; {late} of {all_of_them} no longer wait"

    def _late(self, delivery: Delivery) -> bool:
        return self.answer > (delivery.deadline or 0)

    def _calls(self, delivery: Delivery) -> int | None:
        if not self._late(delivery):
            return 1
        return delivery.attempts or len(delivery.delays) or None

    def _row(self, row: int, name: str, delivery: Delivery) -> str:
        y, width = HEAD + ROW * row, _x(delivery.deadline or 0) - LEFT
        late = self._late(delivery)
        look = (
            'fill="none" stroke="var(--hls-soft)" stroke-dasharray="2 2"'
            if late
            else 'fill="var(--hls-usual)"'
        )
        bar = f'<rect x="{LEFT:g}" y="{y:g}" width="{width:.1f}" height="13" {look}/>'
        said = text(LEFT + PLOT + 18, y + 11, self.fate(delivery), "harm" if late else "soft")
        named = text(LEFT - 10, y + 11, name, "ink", 'text-anchor="end"')
        return named + bar + said


def deadline_chart(
    answer: float, providers: Mapping[str, Provider] = PROVIDERS, title: str = ""
) -> DeadlineChart:
    """The chart of all senders whose deadline is published; `answer` in seconds."""
    known = [
        (each.name, each.delivery)
        for each in providers.values()
        if each.delivery and each.delivery.confirmed and each.delivery.deadline
    ]
    ordered = tuple(sorted(known, key=lambda pair: (pair[1].deadline, pair[0])))
    return DeadlineChart(ordered, answer, title or "How long senders wait")


def _x(seconds: float) -> float:
    return LEFT + PLOT * min(seconds, LONGEST) / LONGEST


def _span(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds >= 3600 else f"{seconds // 60} min"


def _tick(seconds: int, bottom: float) -> str:
    x = _x(seconds)
    line = f'<path d="M{x:.1f},{HEAD - 6:g}V{bottom:g}" stroke="var(--hls-line)"/>'
    return line + text(x, bottom + 16, f"{seconds} s", "soft", 'text-anchor="middle"')
