"""The sending half of one end of a simulated TCP connection: from the program to the wire.

Bytes wait until the window has room, leave as segments, and are acknowledged when the peer's
program has read them. An end leaves as FIN or RST, and then the program is told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from random import Random
from typing import TYPE_CHECKING, Any

from labs.world.link import WINDOW, Path

if TYPE_CHECKING:
    from labs.world.network import Network
    from labs.world.transport import Endpoint

DATA, ACCEPT, FIN, RST = "DATA", "ACCEPT", "FIN", "RST"
HIGH_WATER = 65_536  # asyncio's default: bytes in the write buffer before pause_writing()
CHUNK = 16_384  # what one segment carries at most when bandwidth or the window divides a write


class Segment:
    """Bytes on their way, or the sign of an end. The journal is made of these."""

    __slots__ = ("arrived", "chunks", "kind", "lost", "n", "size", "source", "time")

    def __init__(self, time: float, source: Sender, kind: str, n: int) -> None:
        self.time, self.source, self.kind, self.n = time, source, kind, n
        self.chunks: list[bytes] = []
        self.size = 0
        self.arrived: float | None = None
        self.lost = ""

    def data(self) -> bytes:
        """The bytes of the segment, joined."""
        if len(self.chunks) != 1:
            self.chunks = [b"".join(self.chunks)]
        return self.chunks[0]


class Sender(asyncio.Transport):
    """One side's socket, so far as it sends: what it may still say, and when it is over."""

    eof_written = False  # the program will not write again
    ending = ended = False  # a FIN is due; a FIN or RST was sent, or an RST came
    closing = gone = False  # the program has closed it; nothing is left to be sent or read
    dead = False  # the machine is no more: its program hears nothing
    writing_paused = False

    def __init__(
        self, network: Network, connection: int, side: int, here: str, there: str, path: Path
    ) -> None:
        super().__init__()
        self.network, self.loop = network, network.loop
        self.connection, self.side = connection, side  # side 0 is the client
        self.here, self.there, self.path = here, there, path
        self.peer: Endpoint
        self.protocol: Any = None
        self.context: Context
        self.listener: Any = None  # who accepts this end, on the server's side
        self.address: tuple[str, int] = ("", 0)
        self.jitter = Random(f"{network.seed}/{connection}/{side}")
        self.last_arrival = 0.0
        self.segments = 0
        self.open_segment: Segment | None = None  # still takes bytes written at this instant
        self.in_flight = 0
        self.acks: deque[tuple[float, int]] = deque()
        self.waiting = bytearray()  # accepted from the program, not yet on the wire
        self.low, self.high = HIGH_WATER // 4, HIGH_WATER
        self.paused = side == 0  # not to be read to: until there is a protocol, or it asked
        self.inbox: deque[Segment] = deque()  # arrived, not yet read

    def _emit(self, kind: str, delay: float) -> Segment:
        now = self.loop.now
        self.segments += 1
        segment = Segment(now, self, kind, self.segments)
        self.network.log.append(segment)
        if now + delay > self.last_arrival:
            self.last_arrival = now + delay
        self.loop.deliver(self.last_arrival, self.peer, segment)
        return segment

    def _delay(self, size: int) -> float:
        path, now = self.path, self.loop.now
        delay = path.latency
        if path.jitter:
            delay += self.jitter.uniform(0, path.jitter)
        if path.bandwidth:
            path.free_at = max(now, path.free_at) + size / path.bandwidth
            delay += path.free_at - now
        return delay

    def _flush(self) -> None:
        """Put on the wire what the window admits, then FIN if that was asked for."""
        self._take_acks()
        largest = self.path.segment_size or CHUNK
        while self.waiting and self.in_flight < WINDOW:
            size = min(largest, WINDOW - self.in_flight, len(self.waiting))
            segment = self._emit(DATA, self._delay(size))
            segment.chunks.append(bytes(self.waiting[:size]))
            segment.size = size
            self.in_flight += size
            del self.waiting[:size]
        self.open_segment = None
        if self.waiting:
            if self.acks:
                self.loop.call_at(self.acks[0][0], self.admitted, context=self.context)
        elif self.ending and not self.ended:
            self._end(FIN)

    def admitted(self) -> None:
        """An acknowledgement came while bytes were waiting: send on."""
        if self.gone and not self.waiting:
            return
        self._flush()
        if not self.dead:
            self._mark_buffer()
            if self.closing and not self.waiting and not self.gone:
                self._leave(None)

    def _take_acks(self) -> None:
        acks, now = self.acks, self.loop.now
        while acks and acks[0][0] <= now:
            self.in_flight -= acks.popleft()[1]

    def _mark_buffer(self) -> None:
        size = len(self.waiting)
        if size > self.high and not self.writing_paused:
            self.writing_paused = True
            self._ask(self.protocol.pause_writing)
        elif size <= self.low and self.writing_paused:
            self.writing_paused = False
            self._ask(self.protocol.resume_writing)

    def _end(self, kind: str) -> None:
        self.ended = True
        self.open_segment = None
        if kind == RST and self.path.cut:
            # Nobody acknowledges a reset, so nobody repeats one: a cut swallows it.
            self.network.swallow(self)
            return
        self._emit(kind, self._delay(0))

    def _leave(self, error: Exception | None) -> None:
        """The socket is closed: FIN, or RST if bytes were left unread (RFC 2525, 2.17)."""
        if self.gone:
            return
        self.gone = self.closing = self.ending = True
        if not self.ended:
            self._end(RST if any(s.kind == DATA for s in self.inbox) else FIN)
        if error is None and not self.dead:
            self.network.left(self)
        self.inbox.clear()
        if not self.dead:
            self.loop.call_soon(self._tell_lost, error, context=self.context)

    def _tell_lost(self, error: Exception | None) -> None:
        self.writing_paused = False
        if not self.dead:
            self.protocol.connection_lost(error)

    def _ask(self, callback: Callable[[], None]) -> None:
        """Pause or resume the program, in the context in which it wrote."""
        try:
            callback()
        except Exception as error:
            self._report(callback, error)

    def _report(self, callback: Any, error: Exception) -> None:
        says = f"{callback.__name__}() raised"
        self.loop.call_exception_handler({"message": says, "exception": error})
