"""Bytes to messages: each connection's two directions, read in the order of time.

Nothing raises: what cannot be read becomes a message of kind "bytes" whose detail says why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace

from labs.journal import Fault, Journal, Opened, Sent
from labs.messages.http import Piece, Reader
from labs.messages.message import Message
from labs.messages.websocket import FrameReader

APART = 0.005  # seconds; parts of a body that are sent further apart are messages of their own


def decode(journal: Journal) -> list[Message]:
    """Every message of the journal, by connection and time; all have number 0."""
    lines: dict[int, Line] = {}
    for event in journal.events:
        if isinstance(event, Opened):
            lines[event.connection] = Line(event.client)
        elif isinstance(event, Sent) and event.data:
            lines.setdefault(event.connection, Line(event.sender)).take(event)
    cuts = [event for event in journal.events if isinstance(event, Fault) and event.name == "cut"]
    usual = _usual_flights(journal)
    found = [message for line in lines.values() for message in line.finish()]
    held = [bool(cuts) and _held(each, cuts, usual) for each in found]
    return [
        replace(each, held=True) if waited else each
        for each, waited in zip(found, held, strict=True)
    ]


class Line:
    """One connection: who reads what of it now, and what was read."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.directions = {True: Direction(True), False: Direction(False)}
        self.unanswered: list[str] = []

    def take(self, sent: Sent) -> None:
        """Read what one side handed to the network."""
        from_client = self._is_from_client(sent)
        mine = self.directions[from_client]
        mine.add(sent)
        if mine.frames is not None:
            mine.keep(mine.frames.feed(sent.data))
        elif mine.http.upgrades:
            mine.early += sent.data
        else:
            mine.keep(mine.http.feed(sent.data, self.unanswered))
        self._learn(from_client)

    def finish(self) -> list[Message]:
        """Every message of this connection, with what was left unfinished."""
        return [found for way in self.directions.values() for found in way.finish()]

    def _learn(self, from_client: bool) -> None:
        asks, answers = self.directions[True], self.directions[False]
        self.unanswered += asks.http.methods
        asks.http.methods = []
        if answers.http.switched and answers.frames is None:
            self._switch(asks, answers)
        elif asks.http.upgrades and not from_client and answers.found:
            status = answers.found[-1].name
            if not status.startswith("1"):
                early, asks.early = asks.early, b""
                asks.keep(asks.http.go_on(self.unanswered))
                asks.keep(asks.http.feed(early, self.unanswered) if early else [])

    def _switch(self, asks: Direction, answers: Direction) -> None:
        head = answers.http.head
        fields = dict(head.headers) if head is not None else {}
        extensions = fields.get(b"sec-websocket-extensions", b"")
        for way, from_client in ((asks, True), (answers, False)):
            rest = way.http.trailing() + way.early
            way.frames = FrameReader(from_client, way.size - len(rest), extensions)
            if answers.http.switched.lower() != b"websocket":
                way.frames.junk = f"the protocol is now {answers.http.switched.decode('latin-1')}"
            way.keep(way.frames.feed(rest))

    def _is_from_client(self, sent: Sent) -> bool:
        if sent.sender != sent.receiver:
            return sent.sender == self.client
        # A machine that talks to itself: RFC 6455 5.1, a client masks and a server does not.
        if self.directions[True].frames is not None:
            return len(sent.data) > 1 and bool(sent.data[1] & 0x80)
        return not (self.unanswered or sent.data.startswith(b"HTTP/"))


class Direction:
    """What one side said: its sends, by their place in the stream, and the messages in them."""

    def __init__(self, from_client: bool) -> None:
        self.http = Reader(from_client)
        self.frames: FrameReader | None = None
        self.found: list[Message] = []
        self.early = b""  # sent before the answer to an upgrade was known
        self.size = 0
        self._sends: list[Sent] = []
        self._starts: list[int] = []
        self._kept = 0  # bytes of the stream that stand in `found`

    def add(self, sent: Sent) -> None:
        """Remember when these bytes were sent and when they arrived."""
        self._starts.append(self.size)
        self._sends.append(sent)
        self.size += len(sent.data)

    def keep(self, pieces: list[Piece]) -> None:
        """Turn pieces into messages; a body sent along with its head is part of it."""
        for piece in pieces:
            # Pieces come in order; each byte of the stream stands in one of them and no other.
            if piece.end <= self._kept:
                continue
            message = self._message(piece, self._kept)
            self._kept = piece.end
            if self.found and _belongs(message, self.found[-1]):
                self.found[-1] = _joined(self.found[-1], message)
            else:
                self.found.append(message)

    def finish(self) -> list[Message]:
        """Every message of this direction, the last perhaps unfinished."""
        if self._kept < self.size:
            why = "the beginning of a message; the rest was never sent"
            if self.frames is not None and not self.frames.junk:
                why = "the beginning of a frame; the rest was never sent"
            self.keep([Piece(self._kept, self.size, "bytes", "bytes", why)])
        return self.found

    def _message(self, piece: Piece, start: int) -> Message:
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = max(bisect_right(self._starts, piece.end - 1), first + 1)
        sends = self._sends[first:last]
        stream = b"".join(sent.data for sent in sends)
        offset = start - self._starts[first]
        stuck = next((sent for sent in sends if sent.arrived is None), None)
        arrived = None if stuck else max(sent.arrived or 0.0 for sent in sends)
        return Message(
            number=0,
            connection=sends[0].connection,
            sender=sends[0].sender,
            receiver=sends[0].receiver,
            time=sends[0].time,
            arrived=arrived,
            kind=piece.kind,
            name=piece.name,
            detail=piece.detail,
            size=piece.end - start,
            data=stream[offset : offset + piece.end - start],
            lost=(stuck.lost or "lost") if stuck else "",
            payload=piece.payload,
        )


def _belongs(part: Message, before: Message) -> bool:
    if part.kind == "bytes" and before.kind == "bytes":
        return part.time - before.time <= APART and part.detail == before.detail
    whole = part.kind == "body" and part.name in ("more of the body", "end of the body")
    return whole and before.kind != "bytes" and part.time - before.time <= APART


def _joined(before: Message, part: Message) -> Message:
    arrived = None
    if before.arrived is not None and part.arrived is not None:
        arrived = max(before.arrived, part.arrived)
    return replace(
        before,
        arrived=arrived,
        detail=" · ".join(filter(None, dict.fromkeys([before.detail, part.detail]))),
        size=before.size + part.size,
        data=before.data + part.data,
        lost=before.lost or part.lost,
        payload=before.payload + part.payload,
    )


def _usual_flights(journal: Journal) -> dict[tuple[str, str], float]:
    usual: dict[tuple[str, str], float] = defaultdict(lambda: float("inf"))
    for event in journal.events:
        if isinstance(event, Sent) and event.arrived is not None:
            pair = (event.sender, event.receiver)
            usual[pair] = min(usual[pair], event.arrived - event.time)
    return usual


def _held(message: Message, cuts: list[Fault], usual: dict[tuple[str, str], float]) -> bool:
    if message.arrived is None:
        return False
    pair = (message.sender, message.receiver)
    late = message.arrived - message.time > 1.5 * usual[pair] + 0.001
    return late and any(
        set(pair) <= set(cut.hosts) and cut.time < message.arrived and message.time < cut.until
        and message.arrived >= cut.until
        for cut in cuts
        if cut.until is not None
    )  # fmt: skip
