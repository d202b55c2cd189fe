"""How long to wait before trying again, and what a thousand clients do to a server by it.

A policy is a function of a random source, a base and a cap (seconds); it gives delays without
end. The four with jitter are those of "Exponential Backoff And Jitter" (AWS, 2015) and the
proportional one of many client libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import count
from random import Random
from typing import TypeAlias

Policy: TypeAlias = Callable[[Random, float, float], Iterator[float]]


def constant(rng: Random, base: float, cap: float) -> Iterator[float]:  # noqa: ARG001 -- a Policy
    """Always `base`."""
    while True:
        yield min(base, cap)


def exponential(rng: Random, base: float, cap: float) -> Iterator[float]:  # noqa: ARG001 -- same
    """Twice as long each time, no longer than `cap`: clients that start in step stay in step."""
    for attempt in count():
        yield ceiling(attempt, base, cap)


def proportional(rng: Random, base: float, cap: float) -> Iterator[float]:
    """Exponential, give or take a quarter; never beyond `cap`."""
    for delay in exponential(rng, base, cap):
        yield min(cap, delay * rng.uniform(0.75, 1.25))


def full_jitter(rng: Random, base: float, cap: float) -> Iterator[float]:
    """Anything between nothing and the exponential delay."""
    for delay in exponential(rng, base, cap):
        yield rng.uniform(0, delay)


def equal_jitter(rng: Random, base: float, cap: float) -> Iterator[float]:
    """Half the exponential delay for certain, the other half at random."""
    for delay in exponential(rng, base, cap):
        yield delay / 2 + rng.uniform(0, delay / 2)


def decorrelated(rng: Random, base: float, cap: float) -> Iterator[float]:
    """Anything between `base` and three times the delay before."""
    delay = base
    while True:
        delay = min(cap, rng.uniform(base, delay * 3))
        yield delay


def ceiling(attempt: int, base: float, cap: float) -> float:
    """The exponential delay after `attempt` failures (from 0): base x 2^attempt, up to `cap`."""
    return min(cap, base * 2.0 ** min(attempt, 64))


@dataclass(frozen=True, slots=True)
class Herd:
    """What a server saw: attempts per tenth of a second, and how many clients are still out."""

    name: str
    attempts: tuple[int, ...]
    admitted: int
    outside: int

    @property
    def peak(self) -> int:
        """The most attempts within a tenth of a second."""
        return max(self.attempts, default=0)

    @property
    def total(self) -> int:
        """All attempts, refused and admitted."""
        return sum(self.attempts)

    def __str__(self) -> str:
        left = f", {self.outside} still outside" if self.outside else ""
        return f"{self.name}: peak {self.peak} per 0.1 s, {self.total} attempts{left}"


def herd(
    name: str,
    policy: Policy,
    base: float = 0.5,
    cap: float = 20.0,
    clients: int = 1000,
    capacity: int = 100,
    back_at: float = 2.0,
    until: float = 90.0,
    seed: int = 7,
) -> Herd:
    """What happens when all `clients` lose their server at once, at second 0.

    It is back at `back_at` and admits `capacity` clients per tenth of a second; an attempt
    before that, or beyond that, is refused at once. Left out: how long a handshake takes, how
    long a client waits for an answer, and that a server under attack serves everybody slower.
    """
    rng = Random(seed)
    delays = [policy(rng, base, cap) for _ in range(clients)]
    queue = [(next(delays[client]), client) for client in range(clients)]
    heapify(queue)
    attempts, admitted = [0] * round(until * 10), [0] * round(until * 10)
    while queue and queue[0][0] < until:
        time, client = queue[0]
        tenth = int(time * 10)
        attempts[tenth] += 1
        if time >= back_at and admitted[tenth] < capacity:
            admitted[tenth] += 1
            heappop(queue)
        else:
            heapreplace(queue, (time + next(delays[client]), client))
    return Herd(name, tuple(attempts), sum(admitted), len(queue))
