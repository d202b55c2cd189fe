"""Exchanges over real sockets, byte by byte onto a tape; nothing a receiver does hangs them.

What is sent is given as pieces with waits between them, so that a delivery can trickle, stop in
the middle or go without its answer. What comes back is read up to a limit and for a time. As most
senders do, a connection is kept for the next delivery, if that comes at once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from course.fieldtest.answer import Answer
from course.fieldtest.line import WHOLE, Course, Line
from course.fieldtest.tape import RECEIVER, STORM, Tape
from course.fieldtest.target import Target
from labs.journal import Opened, Refused
from labs.webhook.signed_text import Post

# Seconds that a connection is kept for. A receiver that serves one connection at a time waits that
# long for the next one.
KEPT = 0.05


@dataclass(slots=True)
class Wire:
    """The connections to a receiver, and what crossed them."""

    target: Target
    agent: str
    tape: Tape = field(default_factory=Tape)
    _kept: list[Line] = field(default_factory=list)

    async def exchange(
        self, post: Post, patience: float, course: Course = WHOLE, *, apart: bool = False
    ) -> Answer:
        """The answer within `patience` seconds; `apart`: over a connection of its own."""
        self.tape.exchanges += 1
        number = self.tape.exchanges
        apart = apart or course != WHOLE
        data = self.request(post, last=apart)
        while self._kept and not apart:
            line = self._kept.pop()
            answer = await self._over(line, number, data, patience, course)
            # It may have been closed just now, since nothing was on it (RFC 9112, 9.3.1).
            if answer.trouble != "closed":
                return answer
        began = self.tape.now
        try:
            line = await self._connected(number, patience)
        except (OSError, TimeoutError) as error:
            why = str(error) or "timeout"
            refused = Refused(began, STORM, RECEIVER, self.target.port, why)
            self.tape.events.append((number, refused))
            return Answer(None, seconds=self.tape.now - began, trouble="refused", exchange=number)
        return await self._over(line, number, data, patience, course)

    def request(self, post: Post, *, last: bool) -> bytes:
        """The request as it goes over the wire; the last one of a connection says that it is."""
        fixed = [
            ("Host", self.target.authority),
            ("User-Agent", self.agent),
            *post.headers,
            ("Content-Length", str(len(post.body))),
        ]
        if last:
            fixed.append(("Connection", "close"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in fixed)
        return f"POST {self.target.path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + post.body

    def close(self) -> None:
        """Let go of the connections that are kept."""
        while self._kept:
            self._kept.pop().leave()

    async def _connected(self, number: int, patience: float) -> Line:
        to, began = self.target, self.tape.now
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(
                to.ip, to.port, ssl=to.tls, server_hostname=to.host if to.tls else None
            )
        self.tape.connections += 1
        connection, now = self.tape.connections, self.tape.now
        opened = Opened(began, connection, STORM, RECEIVER, to.port, now)
        self.tape.events.append((number, opened))
        return Line(reader, writer, self.tape, connection)

    async def _over(
        self, line: Line, number: int, data: bytes, patience: float, course: Course
    ) -> Answer:
        """The answer over this connection, which is kept afterwards if both sides would."""
        try:
            return await line.talk(number, data, course, patience)
        finally:
            if line.goes_on and course == WHOLE and b"\r\nConnection: close\r\n" not in data:
                self._keep(line)
            else:
                line.leave()

    def _keep(self, line: Line) -> None:
        self._kept.append(line)
        asyncio.get_running_loop().call_later(KEPT, self._let_go, line, line.exchange)

    def _let_go(self, line: Line, exchange: int) -> None:
        if line in self._kept and line.exchange == exchange:
            self._kept.remove(line)
            line.leave()
