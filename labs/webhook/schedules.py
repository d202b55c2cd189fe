"""When real senders try again: the attempts that their contracts publish, in seconds.

The contracts are `labs/providers.toml`, each with its source and the day on which it was read.
Some publish every step, some only where it ends; what is not published is not made up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from labs.webhook.providers import PROVIDERS, Delivery, schedules


@dataclass(frozen=True, slots=True)
class Schedule:
    """One sender's attempts, as far as they are published."""

    sender: str
    delays: tuple[int, ...]  # before each attempt whose time is known; the first is 0
    source: str
    horizon: int = 0  # the last attempt, which may lie beyond the delays
    deadline: int | None = None  # how long it waits for an answer

    def times(self) -> tuple[int, ...]:
        """When each attempt is made, after the event."""
        return tuple(accumulate(self.delays))

    @property
    def last(self) -> int:
        """When the last attempt is made, after the event."""
        return max(self.horizon, *self.times())

    def first_from(self, time: float) -> int | None:
        """The number (from 1) of the first published attempt at `time` or later."""
        return next((n for n, at in enumerate(self.times(), 1) if at >= time), None)

    def __str__(self) -> str:
        return f"{self.sender}: {', '.join(clock(time) for time in self.times())}"


def of(sender: str, delivery: Delivery) -> Schedule:
    """The schedule that a contract publishes; where it has no steps, the first attempt is known."""
    delays, horizon = delivery.delays or (0,), delivery.horizon or 0
    return Schedule(sender, delays, delivery.source, horizon, delivery.deadline)


def clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds: 272105 is 75:35:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}"


# A count of attempts alone has no place on a line of time.
SCHEDULES = tuple(
    of(sender, delivery) for sender, delivery in schedules() if delivery.delays or delivery.horizon
)
STANDARD_WEBHOOKS = next(s for s in SCHEDULES if s.sender == PROVIDERS["standard_webhooks"].name)
