"""What a run shows of a heartbeat, in the words of a verdict: the first thing that is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labs.exercises.m6_heartbeat.path import At, Watched
from labs.exercises.verdict import Finding
from labs.journal import Fault, Note
from labs.messages import Message, Row, timeline
from labs.outcome import Run

SLACK = 0.25  # seconds: enough for somebody who looks at the clock ten times a second
RETURN = 1.0  # seconds within which run() has to return after its own close


@dataclass(frozen=True, slots=True)
class Seen:
    """A run, and one of the heartbeats in it."""

    run: Run
    watched: Watched

    def finding(self, bug: str, says: str, at: At, name: str = "ping") -> Finding:
        """A finding about a call of the heartbeat, with its event."""
        message = self.message("auction", name, at.time)
        return Finding(bug, says, message.number if message else None, round(at.time, 3))

    def message(self, sender: str, name: str, time: float) -> Message | None:
        """The message with which something began."""
        for message in self.run.messages:
            same = message.sender == sender and message.name.startswith(name)
            if same and abs(message.time - time) < 1e-6:
                return message
        return None

    def ping(self, at: At) -> str:
        """How the picture calls a ping of the heartbeat: "ping #9"."""
        message = self.message("auction", "ping", at.time)
        return f"ping #{message.number}" if message else "the ping"

    @property
    def cut(self) -> float:
        """When the path was cut."""
        return next(event.time for event in self.run.journal.events if isinstance(event, Fault))

    def notes(self, host: str) -> Iterator[Row]:
        """What stands written on a lane, with its numbers."""
        if any(isinstance(event, Note) for event in self.run.journal.events):
            rows = timeline(self.run.journal)
            yield from (r for r in rows if isinstance(r.what, Note) and r.what.host == host)


Check = Callable[[Seen], Finding | None]


def look(*checks: Check) -> Callable[[Run], Finding | None]:
    """The first finding of these checks on a run, heartbeat by heartbeat."""

    def looking(run: Run) -> Finding | None:
        watched = run.result if isinstance(run.result, tuple) else (run.result,)
        found = (check(Seen(run, each)) for each in watched if each for check in checks)
        return next(filter(None, found), None)

    return looking


def reader_waits(seen: Seen) -> Finding | None:
    """`pong` and `message` are called from the reader, which reads nothing meanwhile."""
    for call in seen.watched.held_up:
        says = (
            f"The reader called `{call.what}` at {call.time:.1f} s and still waited for it a "
            "second later, and what had arrived behind it lay unread"
        )
        arrived = (m for m in seen.run.messages if m.sender == "bidder" and m.arrived == call.time)
        return Finding("blocked_reader", says, next((m.number for m in arrived), None), call.time)
    return None


def beats(seen: Seen) -> Finding | None:
    """A line that is well: a ping each interval, each with bytes of its own, and no close."""
    watched, last, used = seen.watched, seen.watched.opened, set()
    closed = watched.closes[0] if watched.closes else None
    for ping in watched.pings:
        if closed and closed.time < ping.time:
            break
        since = ping.time - last
        if abs(since - watched.interval) > SLACK:
            what = "the open" if last == watched.opened else "the ping before"
            says = f"This ping left {since:.1f} s after {what}; `interval` is {watched.interval:g}"
            return seen.finding("off_beat", says, ping)
        if ping.what in used:
            says = f"This ping carries {ping.what!r}, and so did one before it"
            return seen.finding("same_payload", says, ping)
        last = ping.time
        used.add(ping.what)
    return _killed(seen, closed) if closed else _missing(seen, last)


def _killed(seen: Seen, closed: At) -> Finding:
    """The line was well, and the heartbeat closed it."""
    pings = [ping for ping in seen.watched.pings if ping.time <= closed.time]
    pong = _pong(seen, pings[-1], closed.time) if pings else None
    if not pings:
        why = "it had not even asked"
    elif pong:
        when = f"at {pong.arrived:.1f} s (#{pong.number})"
        why = f"the pong that answers {seen.ping(pings[-1])} had arrived {when}"
    else:
        waited = closed.time - pings[-1].time
        why = (
            f"{seen.ping(pings[-1])} was {waited:.1f} s old, `timeout` is "
            f"{seen.watched.timeout:g}, and the pong was on its way"
        )
    return seen.finding(
        "kills_healthy", f"Your heartbeat closed a line that was well: {why}", closed, "close"
    )


def _pong(seen: Seen, ping: At, until: float) -> Message | None:
    """The pong that answered `ping`, where it arrived in time."""
    for message in seen.run.messages:
        if message.name == "pong" and message.payload == ping.what and message.arrived:
            return message if message.arrived <= until else None
    return None


def _missing(seen: Seen, last: float) -> Finding | None:
    """A ping was due before the run ended."""
    watched, ended = seen.watched, seen.run.time
    if last + watched.interval + SLACK > ended:
        return None
    if not watched.pings:
        says = (
            f"The line had been open for {ended - watched.opened:.1f} s, `interval` is "
            f"{watched.interval:g}, and no ping had left"
        )
        return Finding("never_asks", says, time=round(ended, 3))
    says = f"The line was open and well, and no ping followed this one for {ended - last:.1f} s"
    says += "" if watched.returned is None else "; `run()` had returned"
    return seen.finding("stops_asking", says, watched.pings[-1])


def decides(bug: str, meanwhile: str) -> Check:
    """A line that is dead one way or both: close 1011, one timeout after the ping in the cut.

    `bug` is what it means not to close by then, and `meanwhile` what arrived instead of the pong.
    """

    def deciding(seen: Seen) -> Finding | None:
        watched = seen.watched
        cut = seen.cut
        asked = next((ping for ping in watched.pings if ping.time > cut), None)
        closed = watched.closes[0] if watched.closes else None
        due = (asked.time if asked else cut + watched.interval) + watched.timeout
        if closed is None or closed.time > due + SLACK:
            if closed is not None and not meanwhile:
                return _late(seen, asked, closed)
            return _believes(seen, bug, meanwhile, cut, asked)
        return _badly(seen, asked, closed)

    return deciding


def _believes(seen: Seen, bug: str, meanwhile: str, cut: float, asked: At | None) -> Finding:
    ended = seen.run.time
    still = f"Your heartbeat still called bidder alive at {ended:.1f} s{meanwhile}"
    if asked is None:
        return Finding(bug, f"{still}: since the cut at {cut:.1f} s no ping had left")
    says = f"{still}: this ping had found no answer for {ended - asked.time:.1f} s"
    return seen.finding(bug, says, asked)


def _late(seen: Seen, asked: At | None, closed: At) -> Finding:
    waited = closed.time - asked.time if asked else closed.time
    timeout = seen.watched.timeout
    says = f"Your heartbeat closed the line {waited:.1f} s after its ping; `timeout` is {timeout:g}"
    return seen.finding("late_decision", says, closed, "close")


def _badly(seen: Seen, asked: At | None, closed: At) -> Finding | None:
    """It closed the line; at the right time, with the right code, once, and was that the end?"""
    watched = seen.watched
    waited = closed.time - asked.time if asked else 0.0
    if waited < watched.timeout - SLACK:
        timeout = f"`timeout` is {watched.timeout:g}"
        says = f"Your heartbeat gave up {waited:.1f} s after its ping; {timeout}"
        return seen.finding("too_soon", says, closed, "close")
    if closed.what != 1011:
        says = f"Your heartbeat closed the line with code {closed.what}"
        return seen.finding("wrong_code", says, closed, "close")
    return goes_on(seen)


def goes_on(seen: Seen) -> Finding | None:
    """Once the line is not open: no call, run() returns, and no task is left."""
    watched = seen.watched
    closed = watched.closed
    if closed is None:
        return None
    for call in watched.too_late:
        what = "it had" if watched.closes else "bidder had"
        says = f"Your heartbeat called {call.what}; {what} closed the line at {closed:.1f} s"
        again = str(call.what).startswith("close") and watched.closes
        bug = "closes_twice" if again else "after_close"
        return Finding(bug, says, _note(seen, call), call.time)
    patience = RETURN if watched.closes else watched.interval + watched.timeout + SLACK
    if watched.returned is None or watched.returned > closed + patience:
        says = f"`run()` still went on {patience:.1f} s after the line had closed at {closed:.1f} s"
        return Finding("runs_on", says, time=round(closed + patience, 3))
    if watched.left:
        tasks = "1 task" if watched.left == 1 else f"{watched.left} tasks"
        says = f"`run()` had returned at {watched.returned:.1f} s and had left {tasks} behind"
        return Finding("task_left", says, time=round(watched.returned, 3))
    return None


def _note(seen: Seen, call: At) -> int | None:
    return next((row.number for row in seen.notes("auction") if row.time == call.time), None)


def takes_offence(seen: Seen) -> Finding | None:
    """A pong that nobody asked for is allowed, and changes nothing (RFC 6455 5.5.3)."""
    watched = seen.watched
    for closed in watched.closes:
        says = "Your heartbeat closed a line that was well when this pong came in addition"
        for message in seen.run.messages:
            odd = message.name == "pong" and message.payload not in [p.what for p in watched.pings]
            if odd and message.arrived and abs(message.arrived - closed.time) < SLACK:
                return Finding("punishes_pong", says, message.number, message.arrived)
    return None


def is_cut(seen: Seen) -> Finding | None:
    """The proxy never hears nothing for as long as its timer."""
    watched, last = seen.watched, seen.watched.opened
    idle = watched.idle or 0.0
    for row in seen.notes("proxy"):
        with_what = f"interval={watched.interval:g} and idle={idle:g}"
        says = f"The proxy closed both sides; you were called with {with_what}"
        return Finding("idle_timer", says, row.number, row.time)
    for ping in watched.pings:
        if ping.time - last > idle / 2 + SLACK:
            since = ping.time - last
            says = f"{since:.1f} s had passed without a ping, and the proxy cuts after {idle:g} s"
            return seen.finding("idle_timer", says, ping)
        last = ping.time
    return _killed(seen, watched.closes[0]) if watched.closes else None
