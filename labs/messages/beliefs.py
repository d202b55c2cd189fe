"""What each side of a connection believes, and when it changes its mind.

A side is judged by what it saw itself: what it sent, when it sent it; what it received, when
that arrived. It never sees the other side's troubles, which is the point of drawing both.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from labs.journal import Ended, Fault, Journal, Left, Opened
from labs.messages.exchange import Answering, Asking
from labs.messages.message import Belief, Message
from labs.messages.open_line import OpenLine
from labs.messages.sides import Key, Seen

OFF = ("crash", "power cut")  # whoever suffers one believes nothing any more

Line: TypeAlias = list[tuple[int, Message]]
Ends: TypeAlias = list[tuple[int, Ended | Left]]


def sent_key(time: float, index: int) -> Key:
    """Where the sending of a message stands among all that happens."""
    return (time, 1, index, 0)


def beliefs(journal: Journal, said: list[Message]) -> list[tuple[Key, Belief, Message | None]]:
    """Every change of mind, its place in the order of events, and the message it is about."""
    found: list[tuple[Key, Belief, Message | None]] = []
    lines, ends, crashes, clients = _by_connection(journal, said)
    for number, line in lines.items():
        first = line[0][1]
        client = clients.get(number, first.sender)
        server = first.receiver if first.sender == client else first.sender
        for host, peer in dict.fromkeys(((client, server), (server, client))):
            seen = _seen(host, line, ends[number], crashes[host])
            seen.append(Seen((journal.ended, 3, number, 0), "over", None))
            side = _side(line, seen, host == client)
            for event in seen:
                if event.how == "off":
                    break
                if thought := side.notice(event):
                    time = thought.key[0]
                    belief = Belief(0, time, host, peer, number, thought.state, thought.says)
                    found.append((thought.key, belief, thought.about))
    return found


def _side(line: Line, seen: list[Seen], is_client: bool) -> OpenLine | Asking | Answering:
    if any(m.kind == "request" and "upgrade: websocket" in m.detail.lower() for _, m in line):
        return OpenLine(seen, is_client)
    return Asking(seen) if is_client else Answering()


def _by_connection(
    journal: Journal, said: list[Message]
) -> tuple[dict[int, Line], dict[int, Ends], dict[str, list[Seen]], dict[int, str]]:
    lines: dict[int, Line] = defaultdict(list)
    ends: dict[int, Ends] = defaultdict(list)
    crashes: dict[str, list[Seen]] = defaultdict(list)
    clients: dict[int, str] = {}
    for at, message in enumerate(said):
        lines[message.connection].append((at, message))
    for at, event in enumerate(journal.events):
        if isinstance(event, Opened):
            clients[event.connection] = event.client
        elif isinstance(event, Ended | Left):
            ends[event.connection].append((at, event))
        elif isinstance(event, Fault) and event.name in OFF:
            for host in event.hosts:
                crashes[host].append(Seen((event.time, -1, at, 0), "off", None))
    return lines, ends, crashes, clients


def _seen(host: str, line: Line, ends: Ends, crashes: list[Seen]) -> list[Seen]:
    begun = line[0][1].time
    found = [crash for crash in crashes if crash.time >= begun]
    for at, message in line:
        if message.sender == host:
            found.append(Seen((message.time, 1, at, 1), "sent", message))
        if message.receiver == host and message.arrived is not None:
            stage = 1 if message.arrived == message.time else 0
            found.append(Seen((message.arrived, stage, at, 2), "got", message))
    for at, end in ends:
        if end.sender == host:
            found.append(Seen((end.time, 2, at, 1), "ends", end))
        elif isinstance(end, Ended) and end.arrived is not None:
            found.append(Seen((end.arrived, 2, at, 2), "told", end))
    return sorted(found, key=lambda seen: seen.key)
