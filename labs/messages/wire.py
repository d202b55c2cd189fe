"""The journal for machines: what the wire view and the site draw from, as plain JSON values."""

from __future__ import annotations

from typing import Any

from labs.journal import Ended, Fault, Journal, Note, Opened, Refused
from labs.messages.message import Belief, Message, Row
from labs.messages.timeline import timeline
from labs.websocket.anatomy import anatomy

VERSION = 1
BYTES = 256  # of each message that travel along; `size` says how many there were
ROWS = 400  # beyond these the rest is counted, not carried


def wire(journal: Journal, shown: tuple[Row, ...] | None = None) -> dict[str, Any]:
    """The run as JSON values in a fixed order; seconds, bytes, data in hexadecimal.

    `events` holds one object a numbered event, of those shown (all unless given); its `type`
    says which keys it has.
    """
    rows = [row for row in (timeline(journal) if shown is None else shown) if row.number]
    return {
        "version": VERSION,
        "mode": journal.mode,
        "seed": journal.seed,
        "ended": journal.ended,
        "hosts": [{"name": host, "serves": _ports(journal, host)} for host in journal.hosts],
        "events": [_event(row) for row in rows[:ROWS]],
        "left_out": max(len(rows) - ROWS, 0),
    }


def _ports(journal: Journal, host: str) -> list[int]:
    opened = (event for event in journal.events if isinstance(event, Opened))
    return sorted({event.port for event in opened if event.server == host})


def _event(row: Row) -> dict[str, Any]:
    what = row.what
    event: dict[str, Any] = {"number": row.number, "time": row.time}
    match what:
        case Message():
            return event | _message(what)
        case Belief():
            keys = ("host", "peer", "connection", "state", "says")
            return event | {"type": "belief"} | {key: getattr(what, key) for key in keys}
        case Fault():
            fault = {"name": what.name, "hosts": list(what.hosts), "until": what.until}
            return event | {"type": "fault", **fault, "says": what.says}
        case Note():
            return event | {"type": "note", "host": what.host, "says": what.says}
        case Refused():
            ends = {"from": what.client, "to": what.server, "port": what.port}
            return event | {"type": "refused", **ends, "says": what.why}
        case Ended():
            ends = {"from": what.sender, "to": what.receiver, "arrived": what.arrived}
            return event | {"type": "ended", "connection": what.connection, **ends, "how": what.how}
        case Opened():
            ends = {"from": what.client, "to": what.server, "port": what.port}
            return event | {"type": "unopened", "connection": what.connection, **ends}


def _message(message: Message) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "type": "message",
        "connection": message.connection,
        "from": message.sender,
        "to": message.receiver,
        "arrived": message.arrived,
        "kind": message.kind,
        "name": message.name,
        "detail": message.detail,
        "size": message.size,
        "hex": message.data[:BYTES].hex(),
    }
    plain |= {"lost": message.lost} if message.lost else {}
    plain |= {"held": True} if message.held else {}
    if message.kind == "frame":
        fields = anatomy(message.data)
        plain["fields"] = [[f.first, f.last, f.name, f.value, f.meaning] for f in fields]
    elif message.kind in ("request", "response"):
        head = message.data.partition(b"\r\n\r\n")[0]
        plain["head"] = head.decode("latin-1").split("\r\n")[:40]
    return plain
