"""A delivery: one event on its way to one endpoint, over as many attempts as it takes.

Each attempt has an outcome, and the question to it is whether it is definite. A sender that
hears nothing knows nothing: the work may be done, only the answer lost. Sending again is all
it can do, and so the receiver must bear to hear it twice.
"""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum
from random import Random

from labs.lifecycle import Lifecycle
from labs.webhook.schedules import STANDARD_WEBHOOKS, Schedule

PENDING, IN_FLIGHT, WAITING = "PENDING", "IN FLIGHT", "WAITING"
DELIVERED, DEAD_LETTER, DISABLED = "DELIVERED", "DEAD LETTER", "DISABLED"

DELIVERY = Lifecycle(
    "a delivery",
    {
        (PENDING, "a worker takes it"): IN_FLIGHT,
        (PENDING, "endpoint disabled"): DISABLED,
        (IN_FLIGHT, "failed, attempts left"): WAITING,
        (IN_FLIGHT, "the worker's lease ends"): PENDING,
        (IN_FLIGHT, "2xx"): DELIVERED,
        (IN_FLIGHT, "failed, none left"): DEAD_LETTER,
        (IN_FLIGHT, "410 Gone"): DISABLED,
        (WAITING, "the delay is over"): PENDING,
        (WAITING, "endpoint disabled"): DISABLED,
        (DEAD_LETTER, "redelivered by hand"): PENDING,
        (DISABLED, "endpoint enabled again"): PENDING,
    },
)


class Outcome(Enum):
    """How an attempt ended, and whether the receiver did the work: True, False, or None."""

    ACCEPTED = "2xx", True, "done, or safely queued"
    REDIRECTED = "3xx", False, "a failure: a redirect is not followed"
    GONE = "410", False, "stop, and disable the endpoint"
    THROTTLED = "429", False, "wait as long as Retry-After says, then try again"
    REFUSED = "other 4xx", False, "try again: somebody may mend the endpoint"
    FAILED = "5xx", None, "try again: it may have broken before the work or after it"
    NO_ANSWER = "timeout or reset", None, "try again: the answer may be what got lost"
    UNREACHABLE = "no connection", False, "try again: nothing was sent"

    def __init__(self, seen: str, happened: bool | None, advice: str) -> None:
        self.seen, self.happened, self.advice = seen, happened, advice

    @property
    def definite(self) -> bool:
        """Whether the sender knows what the receiver did."""
        return self.happened is not None

    @classmethod
    def of(cls, status: int) -> Outcome:
        """The outcome that a status code stands for."""
        exact = {410: cls.GONE, 429: cls.THROTTLED}
        classes = {2: cls.ACCEPTED, 3: cls.REDIRECTED, 4: cls.REFUSED}
        return exact.get(status) or classes.get(status // 100, cls.FAILED)


def event_of(outcome: Outcome, attempt: int, schedule: Schedule = STANDARD_WEBHOOKS) -> str:
    """What `outcome` of the `attempt`-th attempt (from 1) means to DELIVERY."""
    if outcome is Outcome.ACCEPTED:
        return "2xx"
    if outcome is Outcome.GONE:
        return "410 Gone"
    left = attempt < len(schedule.delays)
    return "failed, attempts left" if left else "failed, none left"


def delay(
    attempt: int,
    rng: Random,
    schedule: Schedule = STANDARD_WEBHOOKS,
    at_least: float = 0.0,
    jitter: float = 0.2,
) -> float:
    """Seconds to wait after the `attempt`-th attempt; `at_least` is what Retry-After asked for.

    Jitter spreads both, so that all who were told "60" do not come back together.
    """
    planned = schedule.delays[attempt] * rng.uniform(1 - jitter, 1 + jitter)
    return max(planned, at_least * rng.uniform(1, 1 + jitter))


def retry_after(value: str, now: float, limit: float = 86400.0) -> float:
    """Seconds that a Retry-After header asks for: 0 if it makes no sense, `limit` at most.

    RFC 9110 10.2.3: a count of seconds, or a date. `now` is in seconds since 1970.
    """
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), limit)
    try:
        date = parsedate_to_datetime(value[:40])
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    seconds = date.replace(tzinfo=date.tzinfo or UTC).timestamp() - now
    return min(max(seconds, 0.0), limit) if math.isfinite(seconds) else 0.0
