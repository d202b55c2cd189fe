"""When real senders try again: seconds between attempts, as published, with the source.

The first delay is 0: the first attempt is made at once. Read on 2026-11-23; senders change
these, so a lesson that quotes one names the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Schedule:
    """The delay before each attempt, in seconds."""

    sender: str
    delays: tuple[int, ...]
    source: str

    def times(self) -> tuple[int, ...]:
        """When each attempt is made, in seconds after the event."""
        return tuple(accumulate(self.delays))

    def __str__(self) -> str:
        return f"{self.sender}: {', '.join(clock(time) for time in self.times())}"


STANDARD_WEBHOOKS = Schedule(
    "Standard Webhooks",
    (
        0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR,
        5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
    ),
    "standard-webhooks spec, Deliverability and reliability",
)  # fmt: skip

SCHEDULES = (
    STANDARD_WEBHOOKS,
    Schedule(
        "Svix",
        (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR),
        "docs.svix.com/retries",
    ),
    Schedule("Slack Events", (0, 0, MINUTE, 5 * MINUTE), "docs.slack.dev Events API"),
    Schedule(
        "Mailgun",
        (0, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR),
        "documentation.mailgun.com webhook retries",
    ),
    Schedule(
        "Adyen",
        (
            0, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
            HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
        ),
        "docs.adyen.com webhooks, the queue after three quick attempts",
    ),
    Schedule(
        "Square",
        (
            0, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 32 * MINUTE,
            HOUR, HOUR, HOUR,
        ),
        "developer.squareup.com step4manage; goes on hourly to 72 h",
    ),
    Schedule("Zoom", (0, 5 * MINUTE, 20 * MINUTE, HOUR), "developers.zoom.us, webhook delays"),
    Schedule("Amazon SNS", (0, 20, 20, 20), "docs.aws.amazon.com SNS delivery retries, HTTP/S"),
)  # fmt: skip


def clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds: 272105 is 75:35:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}"
