"""From a network's log to the journal: the same order of events, whoever was scheduled first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labs.journal import Ended, Event, Fault, Journal, Note, Opened, Refused, Sent
from labs.world.sender import DATA, Segment

FIRST = {Fault: 0, Note: 1, Opened: 2, Refused: 2}  # at one instant; then segments, then the rest
SEGMENTS, LAST = 3, 4


def journal_of(
    log: Iterable[Segment | Event], hosts: Sequence[str], now: float, seed: int
) -> Journal:
    """The journal of a virtual run until `now`; machines that took no part are left out."""
    entries = sorted((_entry(item) for item in log), key=lambda entry: entry[0])
    events = tuple(event for _, event in entries)
    seen = {name for event in events for name in machines_in(event)}
    return Journal(events, tuple(host for host in hosts if host in seen), round(now, 9), seed)


def machines_in(event: Event) -> tuple[str, ...]:
    """The machines that take part in an event."""
    if isinstance(event, Fault):
        return event.hosts
    if isinstance(event, Note):
        return (event.host,)
    if isinstance(event, Opened | Refused):
        return (event.client, event.server)
    return (event.sender, event.receiver)


def _entry(item: Segment | Event) -> tuple[tuple[float, int, int, int, int], Event]:
    if not isinstance(item, Segment):
        connection = getattr(item, "connection", 0)
        return (round(item.time, 9), FIRST.get(type(item), LAST), connection, 0, 0), item
    end, time = item.source, round(item.time, 9)
    arrived = None if item.arrived is None else round(item.arrived, 9)
    key = (time, SEGMENTS, end.connection, end.side, item.n)
    if item.kind == DATA:
        lost = item.lost or ("" if arrived is not None else "run ended")
        return key, Sent(time, end.connection, end.here, end.there, item.data, arrived, lost)
    return key, Ended(time, end.connection, end.here, end.there, item.kind, arrived)
