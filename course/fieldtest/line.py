"""One connection: requests go out in pieces, and what comes back is read up to a limit."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, replace

import h11

from course.fieldtest.answer import LIMIT, Answer
from course.fieldtest.tape import RECEIVER, STORM, Tape
from labs.journal import Ended, Event, Sent

PIECE = 262_144


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


class Line:
    """A connection, and what is known of the exchange that is on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tape: Tape, number: int
    ) -> None:
        self.reader, self.writer, self.tape, self.number = reader, writer, tape, number
        self.exchange = 0
        self.began = tape.now
        self.heard = self.ended = self.goes_on = False
        self.how = "FIN"

    async def talk(self, exchange: int, data: bytes, course: Course, patience: float) -> Answer:
        """Send and listen at the same time: some answer before they have heard all."""
        self.exchange, self.began = exchange, self.tape.now
        self.heard = self.goes_on = False
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
            self.goes_on = self.goes_on and sending.done()
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
                self._happened(Sent(now, self.number, STORM, RECEIVER, piece, now))
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
                self.goes_on = parser.their_state is h11.DONE and parser.trailing_data == (
                    b"",
                    False,
                )
                return self._answer("" if head else "closed", head, body)

    async def _read(self) -> bytes:
        try:
            data = await self.reader.read(PIECE)
        except OSError:
            data = b""
        now = self.tape.now
        if data:
            self._happened(Sent(now, self.number, RECEIVER, STORM, data, now))
            self.heard = True
        elif not self.ended:
            self.ended = True
            self._happened(Ended(now, self.number, RECEIVER, STORM, "FIN", now))
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
        return Answer(status, body, seconds, trouble, self.exchange, later, endless)

    def _reset_on_close(self) -> None:
        """Let the connection end with RST, as when a process dies or a cable is pulled."""
        if found := self.writer.get_extra_info("socket"):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.how = "RST"

    def _happened(self, event: Event) -> None:
        self.tape.events.append((self.exchange, event))

    def leave(self) -> None:
        """Let go of the connection, at once."""
        now = self.tape.now
        self._happened(Ended(now, self.number, STORM, RECEIVER, self.how, now))
        self.writer.transport.abort()
