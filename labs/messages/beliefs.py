"""What each side of a connection believes, and when it changes its mind.

A side is judged by what it saw itself: what it sent, when it sent it; what it received, when
that arrived. It never sees the other side's troubles, which is the point of drawing both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from labs.journal import Ended, Fault, Journal, Opened
from labs.messages.message import Belief, Message

NOTICED = 1.0  # seconds; an answer that comes sooner needs no words
OFF = ("crash", "power cut")  # whoever suffers one believes nothing any more

Key: TypeAlias = tuple[float, int, int, int]
Thought: TypeAlias = tuple[Key, Belief, Message | None]  # the message that `#?` in it stands for


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that one side noticed: it sent, it got, it ended, it was told of an end."""

    key: Key
    how: str  # "sent" | "got" | "ends" | "told" | "off" | "over"
    what: Message | Ended | None

    @property
    def time(self) -> float:
        """Seconds since the run began."""
        return self.key[0]


def sent_key(time: float, index: int) -> Key:
    """Where the sending of a message stands among all that happens."""
    return (time, 1, index, 0)


def beliefs(journal: Journal, said: list[Message]) -> list[Thought]:
    """Every change of mind, with its place in the order of events; all have number 0."""
    thoughts: list[Thought] = []
    lines, ends, crashes, clients = _by_connection(journal, said)
    for number, line in lines.items():
        first = line[0][1]
        client = clients.get(number, first.sender)
        server = first.receiver if first.sender == client else first.sender
        for host, peer in dict.fromkeys(((client, server), (server, client))):
            seen = _seen(host, line, ends[number], crashes[host])
            seen.append(Seen((journal.ended, 3, number, 0), "over", None))
            talks = _websocket if _upgrades(line) else _http
            thoughts += [
                (key, Belief(0, key[0], host, peer, number, state, words), about)
                for key, state, words, about in talks(seen, host == client)
            ]
    return thoughts


Says: TypeAlias = Iterator[tuple[Key, str, str, Message | None]]
Line: TypeAlias = list[tuple[int, Message]]
Ends: TypeAlias = list[tuple[int, Ended]]


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
        elif isinstance(event, Ended):
            ends[event.connection].append((at, event))
        elif isinstance(event, Fault) and event.name in OFF:
            for host in event.hosts:
                crashes[host].append(Seen((event.time, -1, at, 0), "off", None))
    return lines, ends, crashes, clients


def _upgrades(line: Line) -> bool:
    return any(m.kind == "request" and "upgrade: websocket" in m.detail.lower() for _, m in line)


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
        elif end.arrived is not None:
            found.append(Seen((end.arrived, 2, at, 2), "told", end))
    return sorted(found, key=lambda seen: seen.key)


def _websocket(seen: list[Seen], is_client: bool) -> Says:
    state, close_sent, close_got = "", None, None
    asked: dict[bytes, Message] = {}  # pings that wait for their pong, by payload
    anxious: set[bytes] = set()
    pongs = _pongs(seen)
    for event in seen:
        what = event.what
        if event.how == "off":
            return
        if event.how == "over":
            if state not in ("", "closed"):
                yield event.key, state, _still(state, asked, anxious), _last(asked)
            return
        if event.how in ("ends", "told"):
            if state not in ("", "closed") and isinstance(what, Ended):
                yield event.key, "closed", _closed(event, close_sent, close_got), None
                state = "closed"
            continue
        if not isinstance(what, Message) or state == "closed":
            continue
        if what.kind == "request" and not state:
            state = "connecting"
            if is_client:
                yield event.key, state, "connecting", None
        elif what.kind == "response" and state == "connecting":
            opens = what.name.startswith("101")
            state = "open" if opens else "closed"
            yield event.key, state, "open" if opens else f"not open: {what.name}", None
        elif what.name == "ping" and event.how == "sent":
            asked[what.payload] = what
            if pongs.get(what.payload, float("inf")) - event.time > NOTICED:
                anxious.add(what.payload)
                yield event.key, "waiting", "waits for the pong to #?", what
        elif what.name == "pong" and event.how == "got" and what.payload in asked:
            waited = event.time - asked.pop(what.payload).time
            if what.payload in anxious:
                yield event.key, "open", f"open: the pong took {waited:.1f} s", None
                anxious.discard(what.payload)
        elif what.name.startswith("close") and event.how == "sent" and close_sent is None:
            close_sent, state = event, "closing"
            if close_got is None:
                yield event.key, "closing", _closing(event, what, asked), _last(asked)
        elif what.name.startswith("close") and event.how == "got":
            close_got, state = what, "closing"


def _pongs(seen: list[Seen]) -> dict[bytes, float]:
    """When the first pong with each payload was received."""
    pongs: dict[bytes, float] = {}
    for event in seen:
        what = event.what
        if event.how == "got" and isinstance(what, Message) and what.name == "pong":
            pongs.setdefault(what.payload, event.time)
    return pongs


def _last(asked: dict[bytes, Message]) -> Message | None:
    return next(reversed(asked.values()), None)


def _still(state: str, asked: dict[bytes, Message], anxious: set[bytes]) -> str:
    if state == "open" and anxious & set(asked):
        return "still waits for the pong to #?"
    return f"still {state}"


def _closing(event: Seen, what: Message, asked: dict[bytes, Message]) -> str:
    ping = next(iter(asked.values()), None)
    if ping is not None and what.name == "close 1011":
        return f"gives up: {what.name}, {seconds(event.time - ping.time)} after its ping"
    return f"closing: {what.name}"


def _closed(event: Seen, close_sent: Seen | None, close_got: Message | None) -> str:
    ended = event.what
    if close_got is not None:
        return f"closed {close_got.name.removeprefix('close').strip() or 1005}"
    if close_sent is not None:
        return f"closed: no answer to its close in {seconds(event.time - close_sent.time)}"
    if event.how == "ends":
        return "drops the connection"
    reset = isinstance(ended, Ended) and ended.how == "RST"
    return "closed 1006: reset" if reset else "closed 1006: ended without a close frame"


def _http(seen: list[Seen], is_client: bool) -> Says:
    return _asking(seen) if is_client else _answering(seen)


def _asking(seen: list[Seen]) -> Says:
    waiting: Seen | None = None
    worried = False
    answers = _answers(seen)
    for at, event in enumerate(seen):
        what = event.what
        if event.how == "off":
            return
        if event.how == "sent" and isinstance(what, Message) and what.kind == "request":
            waiting, worried = event, answers.get(at, float("inf")) - event.time > NOTICED
            if worried:
                yield event.key, "waiting", "waits for the answer", None
        elif waiting is not None and (says := _news(event, waiting)):
            if worried:
                yield event.key, "answered" if event.how == "got" else "closed", says, None
            waiting = None
        elif waiting is not None and event.how == "over" and worried:
            yield event.key, "waiting", "still waits for the answer", None


def _answers(seen: list[Seen]) -> dict[int, float]:
    """When each request was answered, by its place in `seen`; HTTP/1.1 answers in order."""
    asked = [
        at
        for at, event in enumerate(seen)
        if event.how == "sent" and isinstance(event.what, Message) and event.what.kind == "request"
    ]
    return dict(zip(asked, (event.time for event in seen if _is_answer(event)), strict=False))


def _is_answer(event: Seen) -> bool:
    what = event.what
    got = event.how == "got" and isinstance(what, Message) and what.kind == "response"
    return got and isinstance(what, Message) and not what.name.startswith("100")


def _news(event: Seen, waiting: Seen) -> str:
    waited = seconds(event.time - waiting.time)
    if _is_answer(event):
        return f"answered after {waited}"
    if event.how == "ends":
        return f"gives up: no answer in {waited}"
    if event.how == "told" and isinstance(event.what, Ended):
        return "told: reset" if event.what.how == "RST" else "told: ended, no answer"
    return ""


def _answering(seen: list[Seen]) -> Says:
    for event in seen:
        what = event.what
        if event.how == "off":
            return
        if event.how == "sent" and isinstance(what, Message) and what.kind == "response":
            if what.arrived is None:
                yield event.key, "answered", f"answered {what.name}", None


def seconds(span: float) -> str:
    """A span of time for a sentence, in seconds as far as they mean something."""
    return f"{span:.0f} s" if span >= 1 and abs(span - round(span)) < 0.05 else f"{span:.1f} s"
