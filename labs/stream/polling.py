"""What asking again and again costs, and how old the news is: arithmetic first, then a crowd.

`Polling` is the arithmetic of pages that keep a steady interval. `crowd` plays it through for
pages that keep time in different ways. Left out: how long an answer takes, and that a server
under load takes longer for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import exp
from random import Random
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Polling:
    """So many clients, each of which asks every `interval` seconds."""

    clients: int
    interval: float

    @property
    def load(self) -> float:
        """Requests a second, all clients together."""
        return self.clients / self.interval

    @property
    def staleness(self) -> float:
        """The mean time, in seconds, from a change to the request that finds it."""
        return self.interval / 2

    def empty(self, every: float) -> float:
        """The share of answers with nothing new, when changes come at random, each `every` s."""
        return exp(-self.interval / every)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one client's answers amount to: how many, how many empty, and how late the news was."""

    asked: int
    empty: int
    staleness: float
    worst: float


Seen: TypeAlias = Sequence[tuple[float, int]]  # (moment, version); versions only grow


def watched(changes: Seen, answers: Seen) -> Watched:
    """The figures of a run, from the moments of all changes and of all answers.

    A change is known with the first answer that brings its version or a later one; a change that
    no answer has reached yet counts for nothing.
    """
    empty = sum(before[1] == after[1] for before, after in pairwise(answers))
    late = []
    for moment, version in changes:
        known = [at for at, brings in answers if brings >= version]
        late += [known[0] - moment] if known else []
    return Watched(len(answers), empty, sum(late) / max(len(late), 1), max(late, default=0.0))


# A rhythm gives the moments at which one client asks, in seconds, without end.
Rhythm: TypeAlias = Callable[[Random, float], Iterator[float]]


def on_the_minute(rng: Random, interval: float) -> Iterator[float]:  # noqa: ARG001 -- a Rhythm
    """At 0, and then every interval: clients that start together stay together."""
    for number in count():
        yield number * interval


def own_start(rng: Random, interval: float) -> Iterator[float]:
    """Every interval as well, from a moment within the first one that is drawn at random."""
    start = rng.uniform(0, interval)
    for number in count():
        yield start + number * interval


def give_or_take(rng: Random, interval: float) -> Iterator[float]:
    """At 0, and then each time after the interval, give or take a tenth of it."""
    moment = 0.0
    while True:
        yield moment
        moment += rng.uniform(0.9 * interval, 1.1 * interval)


def anything(rng: Random, interval: float) -> Iterator[float]:
    """At 0, and then each time after anything between nothing and twice the interval."""
    moment = 0.0
    while True:
        yield moment
        moment += rng.uniform(0, 2 * interval)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What a server saw: requests in each second, and how old the news was on the pages."""

    name: str
    requests: tuple[int, ...]
    staleness: float

    def peak(self, since: int = 0) -> int:
        """The most requests within one second, from second `since` on."""
        return max(self.requests[since:], default=0)

    def __str__(self) -> str:
        return f"{self.name}: peak {self.peak():,} a second, news {self.staleness:.1f} s old"


def crowd(
    name: str,
    rhythm: Rhythm,
    clients: int = 100_000,
    interval: float = 60.0,
    seconds: int = 180,
    seed: int = 7,
) -> Crowd:
    """What a server sees when all `clients` open their page in second 0 and keep this rhythm."""
    rng, requests = Random(seed), [0] * seconds
    waited = aged = 0.0
    for _ in range(clients):
        for moment, after in pairwise(rhythm(rng, interval)):
            if moment >= seconds:
                break
            requests[int(moment)] += 1
            waited += after - moment
            # A long pause catches more changes than a short one, and keeps each waiting longer.
            aged += (after - moment) ** 2 / 2
    return Crowd(name, tuple(requests), aged / waited)
