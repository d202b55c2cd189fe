"""One exchange over a real socket, byte by byte into a journal; nothing a receiver does hangs it.

What is sent is given as pieces with waits between them, so that a delivery can trickle, stop in
the middle or go without its answer. What comes back is read up to a limit and for a time.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import h11

from course.fieldtest.target import Target
from labs.journal import Ended, Event, Journal, Opened, Refused, Sent
from labs.webhook.signed_text import Post

STORM, RECEIVER = "storm", "receiver"
LIMIT = 65_536  # bytes of an answer that are read
PIECE = 262_144


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or in `trouble` why there is none."""

    status: int | None
    body: bytes = b""
    seconds: float = 0.0
    trouble: str = ""  # "refused", "silent", "closed", "garbage", "given up"
    connection: int = 0
    retry_after: str = ""
    endless: bool = False  # there was more than LIMIT

    @property
    def accepted(self) -> bool:
        """Whether a sender takes the event for delivered."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as far as it was read, readable."""
        return self.body.decode("utf-8", "replace")

    def __str__(self) -> str:
        if self.status is None:
            return TROUBLES[self.trouble].format(self.seconds)
        return f"{self.status}" + (f", more than {LIMIT} bytes" if self.endless else "")


TROUBLES = {
    "refused": "no connection",
    "silent": "no answer in {:.1f} s",
    "closed": "the connection closed without an answer",
    "garbage": "bytes that are no HTTP answer",
    "given up": "storm did not wait for the answer",
}


@dataclass(frozen=True, slots=True)
class Course:
    """How the bytes go out: cut into parts with a wait before each, and when storm leaves."""

    parts: int = 1
    wait: float = 0.0  # before each part but the first, seconds
    missing: int = 0  # bytes at the end that are never sent
    leave_after: float | None = None  # seconds; then the connection is reset, answer or not

    def paced(self, factor: float) -> Course:
        """The same with its waits multiplied."""
        leave = None if self.leave_after is None else self.leave_after * factor
        return replace(self, wait=self.wait * factor, leave_after=leave)


WHOLE = Course()


@dataclass(slots=True)
class Tape:
    """What crossed the wire, as it happens."""

    began: float = field(default_factory=time.monotonic)
    events: list[Event] = field(default_factory=list)
    connections: int = 0

    @property
    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def journal(self, connections: Sequence[int] | None = None) -> Journal:
        """The journal of these connections, or of all."""
        kept = [
            event
            for event in self.events
            if connections is None or getattr(event, "connection", None) in connections
        ]
        first = min((event.time for event in kept), default=0.0)
        ended = max((event.time for event in kept), default=first)
        return Journal(tuple(kept), (STORM, RECEIVER), ended, mode="real")


def request(target: Target, post: Post, agent: str) -> bytes:
    """The request as it goes over the wire."""
    fixed = (
        ("Host", target.authority),
        ("User-Agent", agent),
        *post.headers,
        ("Content-Length", str(len(post.body))),
        ("Connection", "close"),
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in fixed)
    return f"POST {target.path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + post.body


async def exchange(
    target: Target, data: bytes, tape: Tape, patience: float, course: Course = WHOLE
) -> Answer:
    """What a receiver answers to these bytes on a connection of their own."""
    tape.connections += 1
    number, began = tape.connections, tape.now
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(
                target.ip, target.port, ssl=target.tls, server_hostname=_server_name(target)
            )
    except (OSError, TimeoutError) as error:
        tape.events.append(Refused(began, STORM, RECEIVER, target.port, str(error) or "timeout"))
        return Answer(None, seconds=tape.now - began, trouble="refused", connection=number)
    tape.events.append(Opened(began, number, STORM, RECEIVER, target.port, tape.now))
    line = _Line(reader, writer, tape, number)
    try:
        return await line.talk(data, course, patience)
    finally:
        line.leave()


def _server_name(target: Target) -> str | None:
    return target.host if target.tls else None


class _Line:
    """One connection and what is known of its answer."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tape: Tape, number: int
    ) -> None:
        self.reader, self.writer, self.tape, self.number = reader, writer, tape, number
        self.began = tape.now
        self.heard = self.ended = False
        self.how = "FIN"

    async def talk(self, data: bytes, course: Course, patience: float) -> Answer:
        """Send and listen at the same time: some answer before they have heard all."""
        sending = asyncio.ensure_future(self._send(data, course))
        try:
            async with asyncio.timeout(patience):
                if course.leave_after is not None:
                    await sending
                    await asyncio.sleep(course.leave_after)
                    self._reset_on_close()
                    return self._answer("given up")
                return await self._hear()
        except TimeoutError:
            return self._answer("silent")
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await sending

    async def _send(self, data: bytes, course: Course) -> None:
        data = data[: len(data) - course.missing]
        size = max(1, -(-len(data) // course.parts)) if course.parts > 1 else PIECE
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        with suppress(OSError):
            for count, piece in enumerate(pieces):
                if count and course.wait:
                    await asyncio.sleep(course.wait)
                now = self.tape.now
                self.writer.write(piece)
                self.tape.events.append(Sent(now, self.number, STORM, RECEIVER, piece, now))
                await self.writer.drain()

    async def _hear(self) -> Answer:
        """The answer, read by the grammar of RFC 9112 and no further than LIMIT."""
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method="POST", target="/", headers=[("Host", "receiver")]))
        parser.send(h11.EndOfMessage())
        head: h11.Response | None = None
        body = b""
        while True:
            try:
                event = parser.next_event()
            except h11.RemoteProtocolError:
                return self._broken(head, body)
            if event is h11.NEED_DATA:
                parser.receive_data(await self._read())
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LIMIT:
                    return self._answer("", head, body[:LIMIT], endless=True)
            elif not isinstance(event, h11.InformationalResponse):
                return self._answer("" if head else "closed", head, body)

    async def _read(self) -> bytes:
        try:
            data = await self.reader.read(PIECE)
        except OSError:
            data = b""
        now = self.tape.now
        if data:
            self.tape.events.append(Sent(now, self.number, RECEIVER, STORM, data, now))
            self.heard = True
        elif not self.ended:
            self.ended = True
            self.tape.events.append(Ended(now, self.number, RECEIVER, STORM, "FIN", now))
        return data

    def _broken(self, head: h11.Response | None, body: bytes) -> Answer:
        """An answer that ends too early, or bytes that are none."""
        if head is not None:
            return self._answer("", head, body)
        return self._answer("garbage" if self.heard else "closed")

    def _answer(
        self,
        trouble: str,
        head: h11.Response | None = None,
        body: bytes = b"",
        endless: bool = False,
    ) -> Answer:
        status = head.status_code if head else None
        fields = {name.decode().lower(): value for name, value in head.headers} if head else {}
        later = fields.get("retry-after", b"").decode("latin-1")
        seconds = self.tape.now - self.began
        return Answer(status, body, seconds, trouble, self.number, later, endless)

    def _reset_on_close(self) -> None:
        """Let the connection end with RST, as when a process dies or a cable is pulled."""
        if found := self.writer.get_extra_info("socket"):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.how = "RST"

    def leave(self) -> None:
        """Let go of the connection, at once."""
        now = self.tape.now
        self.tape.events.append(Ended(now, self.number, STORM, RECEIVER, self.how, now))
        self.writer.transport.abort()
