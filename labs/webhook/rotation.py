"""The life of a secret: how one follows another without a lost delivery and without a ghost.

A ring holds secrets with dates. Old ones leave it by the clock, not by somebody's memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from labs.lifecycle import Lifecycle

MADE, ACCEPTED, SIGNING, RETIRING, GONE = "MADE", "ACCEPTED", "SIGNING", "RETIRING", "GONE"

SECRET = Lifecycle(
    "a secret",
    {
        (MADE, "every receiver has it"): ACCEPTED,
        (ACCEPTED, "the sender signs with it"): SIGNING,
        (SIGNING, "its successor signs as well"): RETIRING,
        (SIGNING, "it leaks: no overlap"): GONE,
        (RETIRING, "its date has come"): GONE,
    },
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A secret that is good from `since` until `until`, in seconds since 1970."""

    secret: str
    since: float = -inf
    until: float = inf


def good(ring: Iterable[Dated], now: float) -> list[str]:
    """The secrets of the ring that are good now."""
    return [each.secret for each in ring if each.since <= now < each.until]
