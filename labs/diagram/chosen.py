"""What a diagram shows of a run: filtered, repeats and quiet stretches folded, cut when too long.

Numbers are given before anything is left out, so an event has one number in every view.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from labs.diagram.times import length
from labs.journal import Ended, Fault, Note, Opened, Refused
from labs.messages import Belief, Message, Row

LIMIT = 200  # rows that are drawn; of more, the first and the last
AT_THE_END = 50  # of them
REPEATS = 8  # rows that repeat each other before they are folded
LASTING = ("cut", "refuse", "stop reading", "skew")  # faults that last although no end is known


@dataclass(frozen=True, slots=True)
class View:
    """What to show; seconds since the run began, numbers as they stand in the picture."""

    hosts: tuple[str, ...] = ()  # only these lanes, in this order
    connection: int | None = None
    tcp: bool = False  # also connections that open, and ends that nobody minds
    fold: float = 2.0  # seconds of quiet that are folded
    repeats: bool = True  # fold what repeats itself
    since: float = 0.0
    until: float | None = None
    mark: int | None = None  # the event to point at


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing is on the wire between two moments."""

    time: float
    until: float


@dataclass(frozen=True, slots=True)
class Folded:
    """Rows that are counted instead of drawn."""

    time: float
    until: float
    first: int
    last: int
    says: str
    rows: tuple[Row, ...] = field(repr=False, default=())


Item: TypeAlias = Row | Quiet | Folded


def chosen(rows: tuple[Row, ...], view: View) -> list[Item]:
    """The rows that `view` asks for, with what is folded in its place."""
    kept = [row for row in seen(rows, view) if row.number or view.tcp]
    items: list[Item] = _folded(kept, view.mark) if view.repeats else list(kept)
    return _with_quiet(_cut(items), view.fold)


def seen(rows: tuple[Row, ...], view: View) -> tuple[Row, ...]:
    """The rows within the part of the run that `view` asks for."""
    return tuple(row for row in rows if _is_shown(row, view))


def ends(row: Row) -> tuple[str, ...]:
    """The machines that an event concerns, the one that acts first."""
    match row.what:
        case Message(sender=a, receiver=b) | Ended(sender=a, receiver=b):
            return (a, b)
        case Opened(client=a, server=b) | Refused(client=a, server=b):
            return (a, b)
        case Fault(hosts=hosts):
            return hosts
        case Belief(host=host) | Note(host=host):
            return (host,)


def last_moment(item: Item, default: float | None = None) -> float:
    """When an item is over: it landed, it was healed."""
    if not isinstance(item, Row):
        return item.until
    landed = getattr(item.what, "arrived", None)
    return landed if landed is not None else default if default is not None else item.time


def lasts(fault: Fault) -> bool:
    """Whether a fault is drawn as a band."""
    return fault.until is not None or fault.name in LASTING


def _is_shown(row: Row, view: View) -> bool:
    if row.time < view.since or (view.until is not None and row.time > view.until):
        return False
    concerned = set(ends(row)) | ({row.what.peer} if isinstance(row.what, Belief) else set())
    if view.hosts and not concerned <= set(view.hosts):
        return isinstance(row.what, Fault) and bool(concerned & set(view.hosts))
    connection = getattr(row.what, "connection", None)
    return view.connection is None or connection in (None, view.connection)


def _signature(row: Row) -> Hashable:
    match row.what:
        case Message() as said:
            fate = said.lost or ("held" if said.held else "arrives")
            return (said.sender, said.receiver, said.kind, said.name, fate)
        case Belief(host=host, state=state):
            return (host, state)
        case Ended(sender=sender, how=how, arrived=arrived):
            return (sender, how, arrived is None)
        case Refused(client=client, server=server):
            return (client, server)
        case Opened(client=client, server=server):
            return ("TCP", client, server)
    return row.number, row.time  # a fault or a note repeats nothing


def _folded(rows: list[Row], mark: int | None) -> list[Item]:
    """The rows with repeats folded; the event to point at is never among them."""
    items: list[Item] = []
    signs = ["marked" if row.number == mark else _signature(row) for row in rows]
    at = 0
    while at < len(rows):
        period, times = _repetition(signs, at)
        if not times:
            items.append(rows[at])
            at += 1
            continue
        first = at + (2 if period == 1 else period)
        last = at + period * (times - 1)
        items += rows[at:first]
        items.append(_fold(rows[first:last], period))
        items += rows[last : last + period]
        at = last + period
    return items


def _repetition(signs: list[Hashable], at: int) -> tuple[int, int]:
    """The shortest pattern that repeats from `at` on, and how often; (0, 0): none does."""
    for period in range(1, 7):
        times = 1
        while signs[at + period * times : at + period * (times + 1)] == signs[at : at + period]:
            times += 1
        if times * period >= REPEATS and times >= 4:
            return period, times
    return 0, 0


def _fold(rows: list[Row], period: int) -> Folded:
    what = [row.what for row in rows[:period]]
    names = [each.name for each in what if isinstance(each, Message)]
    times = len(rows) // period
    first, last = rows[0].number, rows[-1].number
    gaps = [later.time - earlier.time for earlier, later in pairwise(rows[::period])]
    says = f"{times} × {', '.join(dict.fromkeys(names)) or 'the same'} (#{first} to #{last})"
    says += f", {_pace(gaps)}" if sum(gaps) > 0 else ""
    fate = what[0] if period == 1 else None
    if isinstance(fate, Message):
        says += ", none arrives" if fate.arrived is None else ", all wait" if fate.held else ""
    return Folded(rows[0].time, rows[-1].time, first, last, says, tuple(rows))


def _pace(gaps: list[float]) -> str:
    mean = sum(gaps) / len(gaps)
    if max(gaps) > 2 * mean:  # no rhythm: a schedule that grows, a pause in between
        return f"within {length(sum(gaps))}"
    return f"every {length(mean)}" if mean >= 1 else f"{1 / mean:.3g} a second"


def _cut(items: list[Item]) -> list[Item]:
    if len(items) <= LIMIT:
        return items
    head, tail = items[: LIMIT - AT_THE_END], items[-AT_THE_END:]
    gone = items[LIMIT - AT_THE_END : -AT_THE_END]
    rows = [each for one in gone for each in (one.rows if isinstance(one, Folded) else (one,))]
    numbers = [row.number for row in rows if isinstance(row, Row) and row.number]
    says = f"{len(rows):,} events are left out here: narrow the view (hosts, connection, since)"
    first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
    return [*head, Folded(gone[0].time, last_moment(gone[-1]), first, last, says), *tail]


def _with_quiet(items: list[Item], fold: float) -> list[Item]:
    """Put a Quiet before the first item after each stretch in which nothing leaves or lands."""
    moments = sorted({m for item in items for m in _moments(item)})
    spans = [(item.time, item.until) for item in items if isinstance(item, Folded)]
    gaps = [
        Quiet(start, end)
        for start, end in pairwise(moments)
        if end - start >= fold and not any(a <= end and start <= b for a, b in spans)
    ]
    result: list[Item] = []
    for item in items:
        while gaps and gaps[0].until <= item.time:
            result.append(gaps.pop(0))
        result.append(item)
    return result + gaps


def _moments(item: Item) -> list[float]:
    if isinstance(item, Row):
        fault = item.what if isinstance(item.what, Fault) else None
        healed = [fault.until] if fault is not None and fault.until is not None else []
        return [item.time, last_moment(item), *healed]
    return [item.time, item.until]
