"""What concerns lines that stay open: close codes, timers on the path, heartbeats, returns."""

from __future__ import annotations

from course.publish.reference.tables import NOTHING, SOURCE, UNCONFIRMED, read_on, span, table
from labs.facts import FACTS, Heartbeat, Idle
from labs.websocket.close import CLOSE_CODES
from labs.websocket.reconnection import RECONNECTIONS, Reconnection

RECONNECTIONS_READ = "2026-11-23"  # the day that labs/websocket/reconnection.py names


def close_codes() -> str:
    """Each registered code: who may send it, when, and should a client come back."""
    head = ("code", "name", "who may send it", "when", "come back?", SOURCE)
    rows = []
    for sender in FACTS.close_code:
        entry = CLOSE_CODES[sender.code]
        who = sender.sender.replace("nobody", "**nobody**")
        about = (f"`{sender.code}`", entry.name, who, sender.when, entry.retry)
        rows.append((*about, read_on(sender.source, sender.checked)))
    return table(head, rows)


def agreed_codes() -> str:
    """What some applications have agreed on, above 2999."""
    head = ("who", "codes", "what they ask for", SOURCE)
    return table(
        head,
        ((e.who, e.codes, e.words, read_on(e.source, e.checked)) for e in FACTS.agreed),
    )


def idle() -> str:
    """Who closes a silent line, and after how long; the shortest first."""
    rows = sorted(FACTS.idle, key=lambda each: each.closes or float("inf"))
    head = ("on the path", "closes after", "of what", "what resets it", SOURCE)
    return table(head, map(_idle, rows))


def _idle(row: Idle) -> tuple[str, ...]:
    unsure = "" if row.confirmed else UNCONFIRMED
    closes = unsure + span(row.closes, "no default")
    return row.hop, closes, row.counts, row.resets, read_on(row.source, row.checked)


def heartbeats() -> str:
    """Who asks how often, and when it gives up; the most impatient first."""
    rows = sorted(FACTS.heartbeat, key=lambda each: each.asks or float("inf"))
    head = ("software", "asks every", "allows", "who asks, and how", SOURCE)
    return table(head, map(_heartbeat, rows))


def _heartbeat(row: Heartbeat) -> tuple[str, ...]:
    asks, allows = span(row.asks, "never"), span(row.allows, NOTHING)
    return row.software, asks, allows, row.words, read_on(row.source, row.checked)


def kernel() -> str:
    """What TCP decides by itself."""
    head = ("Linux", "after", "what happens", SOURCE)
    return table(
        head,
        (
            (f"`{e.setting}`", span(e.after), e.words, read_on(e.source, e.checked))
            for e in FACTS.kernel
        ),
    )


def returns() -> str:
    """How real clients come back after a line has ended."""
    head = ("client", "waits, in seconds", "random part", "gives up", SOURCE)
    return table(head, map(_return, RECONNECTIONS))


def _return(row: Reconnection) -> tuple[str, ...]:
    shown = ", ".join(f"{delay:g}" for delay in (round(each, 2) for each in row.delays))
    ends = "" if row.ends != "never" else ", and on"
    return row.client, shown + ends, row.jitter, row.ends, read_on(row.source, RECONNECTIONS_READ)
