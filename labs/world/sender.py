"""The sending half of one end of a simulated TCP connection: from the program to the wire.

Bytes wait until the window has room, leave as segments, and are acknowledged when the peer's
program has read them. An end leaves as FIN or RST, and then the program is told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from heapq import heappush
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

    __slots__ = ("arrived", "data", "kind", "lost", "n", "source", "time")

    def __init__(self, time: float, source: Sender, kind: str, n: int, data: bytes) -> None:
        self.time, self.source = time, source
        self.kind, self.n, self.data = kind, n, data
        self.arrived: float | None = None
        self.lost = ""


class Sender(asyncio.Transport):
    """One side's socket, so far as it sends: what it may still say, and when it is over."""

    eof_written = False  # the program will not write again
    ending = ended = False  # a FIN is due; a FIN or RST was sent, or an RST came
    dead = False  # the machine is no more: its program hears nothing
    writing_paused = False

    def __init__(
        self, network: Network, connection: int, side: int, here: str, there: str, path: Path
    ) -> None:
        super().__init__()
        self.network, self.loop = network, network.loop
        self.connection, self.side = connection, side  # side 0 is the client
        self.turn = (connection, side)  # of its segments, among those that arrive at one instant
        self.here, self.there, self.path = here, there, path
        self.peer: Endpoint
        self.reaches: Callable[[Segment], None]  # peer.arrive
        self.protocol: Any = None
        self.reader: Any = None  # the protocol, or what fills its buffer
        self.context: Context
        self.listener: Any = None  # who accepts this end, on the server's side
        self.address: tuple[str, int] = ("", 0)
        self.jitter = Random(f"{network.seed}/{connection}/{side}")
        self.last_arrival = 0.0
        self.open_segment: Segment | None = None  # still takes bytes written at this instant
        self.in_flight = 0
        self.acks: deque[tuple[float, int]] = deque()
        self.waiting = bytearray()  # accepted from the program, not yet on the wire
        self.low, self.high = HIGH_WATER // 4, HIGH_WATER
        self.paused = side == 0  # not to be read to: until there is a protocol, or it asked
        self.inbox: deque[Segment] = deque()  # arrived, not yet read
        self.at_once = WINDOW  # bytes in flight up to which a write may leave at once; -1: over
        self.closing = self.gone = False  # the program closed it; nothing is left to send or read

    def _emit(self, kind: str, arrival: float, data: bytes = b"") -> Segment:
        """Put a segment on the wire and into the log; none overtakes another."""
        loop, log = self.loop, self.network.log
        n = len(log)
        segment = Segment(loop.now, self, kind, n, data)
        log.append(segment)
        if arrival < self.last_arrival:
            arrival = self.last_arrival
        else:
            self.last_arrival = arrival
        heappush(loop.due, (arrival, self.turn, n, self.reaches, segment))
        return segment

    def _arrival(self, size: int) -> float:
        """When so many bytes that leave now will be there, to the nanosecond."""
        return round(self.loop.now + self._delay(size), 9)

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
            self._emit(DATA, self._arrival(size), bytes(self.waiting[:size]))
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
        """Open the window by what the peer has acknowledged; only who finds it full looks."""
        acks, now = self.acks, self.loop.now
        while acks and (acks[0][0] <= now or round(acks[0][0], 9) == now):
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
        self._emit(kind, self._arrival(0))

    def _leave(self, error: Exception | None) -> None:
        """The socket is closed: FIN, or RST if bytes were left unread (RFC 2525, 2.17)."""
        if self.gone:
            return
        self.gone = self.closing = self.ending = True
        self.at_once = -1
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
