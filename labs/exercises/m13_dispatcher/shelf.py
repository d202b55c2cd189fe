"""What outlives a process: changes, deliveries and leases; and the store through which one sees it.

Each step of the store is a point at which its process may die. What stands in a transaction
becomes true at its end; everything else at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from labs.exercises.crash import Process
from labs.webhook.delivery import DEAD_LETTER, DELIVERED, DISABLED, IN_FLIGHT, PENDING, WAITING

MARKS = (DELIVERED, WAITING, DEAD_LETTER, DISABLED)
FINISHED = (DELIVERED, DEAD_LETTER)


class Taken(Exception):
    """Another worker holds the lease, or the delivery is no longer due."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, for one endpoint; events with the same `key` have an order."""

    id: str
    endpoint: str
    key: str
    body: bytes
    created: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way, as a worker sees it; `attempt` is the one that is due, from 1."""

    event_id: str
    endpoint: str
    key: str
    body: bytes
    created: float
    attempt: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to send a delivery until a time."""

    number: int
    holder: Process
    until: float


@dataclass(slots=True)
class Row:
    """A delivery as the database keeps it."""

    event: Event
    attempt: int
    due_at: float
    state: str = PENDING
    lease: Lease | None = None
    leased_at: float = -1e9
    marked_at: float | None = None

    def free(self, now: float) -> bool:
        """Is it due, and no lease on it still runs?"""
        if self.state == IN_FLIGHT:
            return self.lease is not None and self.lease.until <= now
        return self.state in (PENDING, WAITING) and self.due_at <= now

    def seen(self) -> Delivery:
        """The delivery that a worker is given."""
        event = self.event
        return Delivery(
            event.id, event.endpoint, event.key, event.body, event.created, self.attempt
        )


@dataclass(slots=True)
class Shelf:
    """The database, shared by all workers; `lag` is how old the list of a reader may be."""

    rows: dict[str, Row] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    disabled: set[str] = field(default_factory=set)
    notified: list[str] = field(default_factory=list)
    lag: float = 0.0
    leases: int = 0

    def add(self, event: Event, attempt: int = 1, due_at: float = 0.0) -> None:
        """One more delivery; the same event twice is one."""
        self.rows.setdefault(event.id, Row(event, attempt, due_at))

    def due(self, now: float) -> list[Delivery]:
        """Those whose time has come, oldest first; with a lag, some that were just taken, too."""
        return [
            row.seen()
            for row in self.rows.values()
            if row.event.endpoint not in self.disabled
            and (row.free(now) or now - row.leased_at < self.lag)
        ]

    def ahead(self, event_id: str) -> bool:
        """Is an earlier delivery with its key neither delivered nor parked?"""
        mine = self.rows[event_id].event
        for row in self.rows.values():
            if row.event.id == event_id:
                return False
            if mine.key and row.event.key == mine.key and row.state not in FINISHED:
                return True
        return False

    def enable(self, endpoint: str) -> None:
        """The endpoint is mended: what was kept for it is due again."""
        self.disabled.discard(endpoint)
        for row in self.rows.values():
            if row.event.endpoint == endpoint and row.state == DISABLED:
                row.state = PENDING


class Watch(Protocol):
    """Who looks on while a worker uses the store."""

    def leased(self, process: Process, row: Row) -> None:
        """Before a lease is given."""

    def marked(self, process: Process, row: Row, state: str, answer: bytes) -> None:
        """Before a mark is written."""


@dataclass(slots=True)
class Store:
    """What a dispatcher is given as `store`: the shelf, as one process reaches it."""

    shelf: Shelf
    process: Process
    watch: Watch
    now: Callable[[], float]
    open: list[Callable[[], None]] | None = None
    stopped_until: float = 0.0

    Taken = Taken  # so that `except self.store.Taken` needs no import

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What stands in the block is kept at its end, or not at all."""
        self.process.step("begin the transaction")
        self.open = []
        try:
            yield
            self.process.step("commit")
            for effect in self.open:
                effect()
        finally:
            self.open = None

    def apply(self, change: str) -> None:
        """Keep a change of our own."""
        self.process.step("apply the change")
        self._when_kept(lambda: self.shelf.changes.add(change))

    def add(self, event: Event) -> None:
        """Make a delivery of an event."""
        self.process.step("add the event")
        self._when_kept(lambda: self.shelf.add(event, due_at=event.created))

    def due(self, now: float) -> list[Delivery]:
        """The deliveries whose time has come, oldest first."""
        self.process.step("look what is due")
        return [] if self.now() < self.stopped_until else self.shelf.due(now)

    def ahead(self, delivery: Delivery) -> bool:
        """Is an earlier delivery with its key unfinished?"""
        return self.shelf.ahead(delivery.event_id)

    def lease(self, delivery: Delivery, until: float) -> Lease:
        """The lease, if nobody else has one. Raises Taken."""
        self.process.step("take the lease")
        row, now = self.shelf.rows[delivery.event_id], self.now()
        if not row.free(now):
            raise Taken(f"{delivery.event_id} is in other hands")
        self.watch.leased(self.process, row)
        self.shelf.leases += 1
        row.lease = Lease(self.shelf.leases, self.process, float(until))
        row.state, row.leased_at = IN_FLIGHT, now
        return row.lease

    def mark(
        self,
        delivery: Delivery,
        state: str,
        next_at: float | None = None,
        answer: bytes = b"",
        lease: Lease | None = None,
    ) -> None:
        """Write what became of the attempt. Raises Taken when the lease is over."""
        self.process.step(f"mark it {state}")
        row, now = self.shelf.rows[delivery.event_id], self.now()
        if state not in MARKS:
            raise ValueError(f"a state is one of {', '.join(MARKS)}, not {state!r}")
        if state == WAITING and not isinstance(next_at, int | float):
            raise ValueError("a delivery that is WAITING needs the time of its next attempt")
        if lease is not None and (lease != row.lease or lease.until < now):
            raise Taken(f"the lease on {delivery.event_id} is over")
        self.watch.marked(self.process, row, state, answer)
        row.attempt += state == WAITING
        row.due_at = float(next_at) if state == WAITING and next_at is not None else row.due_at
        row.state, row.lease, row.marked_at = state, None, now

    def disable(self, endpoint: str) -> None:
        """Nothing of this endpoint is due until somebody enables it again."""
        self.process.step("disable the endpoint")
        self.shelf.disabled.add(endpoint)

    def notify(self, delivery: Delivery) -> None:
        """Tell the customer that a delivery was given up."""
        self.process.step("notify the customer")
        self.shelf.notified.append(delivery.event_id)

    def _when_kept(self, effect: Callable[[], Any]) -> None:
        if self.open is None:
            effect()
        else:
            self.open.append(effect)
