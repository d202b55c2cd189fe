"""One end of a simulated TCP connection, as an asyncio transport.

It promises what a socket on Linux promises: bytes in order, a window, a half-close, FIN when a
side closes, RST when bytes reach a socket that is gone. It never blocks and never drops a byte
on its own; what becomes of a segment on its way is the path's affair.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context
from random import Random
from typing import TYPE_CHECKING, Any

from labs.world.link import WINDOW, Path

if TYPE_CHECKING:
    from labs.world.network import Network

DATA, ACCEPT, FIN, RST = "DATA", "ACCEPT", "FIN", "RST"
HIGH_WATER = 65_536  # asyncio's default: bytes in the write buffer before pause_writing()
BYTES_LIKE = (bytes, bytearray, memoryview)
CHUNK = 16_384  # what one segment carries at most when bandwidth or the window divides a write


class Segment:
    """Bytes on their way, or the sign of an end. The journal is made of these."""

    __slots__ = ("arrived", "chunks", "kind", "lost", "n", "size", "source", "time")

    def __init__(self, time: float, source: Endpoint, kind: str, n: int) -> None:
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


class Endpoint(asyncio.Transport):
    """One side's socket: what it may still send, what waits to be read, what it was told."""

    eof_written = False  # the program will not write again
    ending = ended = False  # a FIN is due; a FIN or RST was sent, or an RST came
    closing = gone = False  # the program has closed it; nothing is left to be sent or read
    answered = False  # an RST has told the peer that nobody is here any more
    unanswered = False  # something came while the machine had no power
    at_eof = False  # the peer has ended its half
    broken = False  # an RST came while nobody was reading
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
        self.not_before = 0.0  # arrivals wait for those that a cut had held back
        self.segments = 0
        self.open_segment: Segment | None = None  # still takes bytes written at this instant
        self.in_flight = 0
        self.acks: deque[tuple[float, int]] = deque()
        self.waiting = bytearray()  # accepted from the program, not yet on the wire
        self.low, self.high = HIGH_WATER // 4, HIGH_WATER
        self.paused = side == 0  # not to be read to: until there is a protocol, or it asked
        self.inbox: deque[Segment] = deque()  # arrived, not yet read

    # -- the program's side: asyncio.Transport --------------------------------------------

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hand bytes to the network; returns at once, whatever becomes of them."""
        if self.eof_written:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not isinstance(data, BYTES_LIKE):
            raise TypeError(f"data must be bytes-like, not {type(data).__name__}")
        size = len(data)
        if not size or self.gone or self.dead:
            return
        if self.broken:
            self._break()
            return
        if self.acks:
            self._take_acks()
        if self.waiting or not self.path.plain or self.in_flight + size > WINDOW:
            self.waiting += data
            self._flush()
            self._mark_buffer()
            return
        self.in_flight += size
        segment = self.open_segment
        if segment is None or segment.time != self.loop.now:
            segment = self.open_segment = self._emit(DATA, self.path.latency)
        segment.chunks.append(data if type(data) is bytes else bytes(data))
        segment.size += size

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Hand several pieces to the network as one."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """Say that nothing more will be sent; reading goes on."""
        if not self.eof_written and not self.closing:
            self.eof_written = self.ending = True
            self._flush()

    def can_write_eof(self) -> bool:
        """True: TCP can close one direction."""
        return True

    def close(self) -> None:
        """Send what is buffered, then FIN; the program is told when the buffer is empty."""
        if self.closing:
            return
        self.closing = True
        if self.waiting:
            self.ending = True
        elif not self.dead:
            self._leave(None)

    def abort(self) -> None:
        """Give up at once: what the network has not yet taken is forgotten."""
        if self.gone:
            return
        self.waiting.clear()
        self.closing = self.ending = True
        self._leave(None)

    def is_closing(self) -> bool:
        """True once close() or abort() was called or the connection was lost."""
        return self.closing

    def pause_reading(self) -> None:
        """Leave bytes where they are; the window fills, and the peer has to wait."""
        self.paused = True

    def resume_reading(self) -> None:
        """Read again, beginning with what has piled up."""
        if self.paused:
            self.paused = False
            self.loop.call_soon(self.read_inbox)

    def is_reading(self) -> bool:
        """True while arriving bytes are handed to the protocol."""
        return not self.paused and not self.closing

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set the marks at which the protocol is told to pause and to resume."""
        if high is None:
            high = HIGH_WATER if low is None else 4 * low
        self.high, self.low = high, high // 4 if low is None else low
        self._mark_buffer()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """The marks (low, high) in bytes."""
        return self.low, self.high

    def get_write_buffer_size(self) -> int:
        """Bytes accepted from the program that the network has not yet taken."""
        return len(self.waiting)

    def set_protocol(self, protocol: Any) -> None:
        """Hand the connection to another protocol."""
        self.protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol that is told of bytes and ends."""
        return self.protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """`sockname` and `peername` as (address, port), `socket` as a stand-in; else default."""
        if name == "sockname":
            return self.address
        if name == "peername":
            return self.peer.address
        if name == "socket":
            return self.network.stand_in(self.address, self.peer.address)
        return default

    # -- towards the wire -----------------------------------------------------------------

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

    def _break(self) -> None:
        """The peer reset the connection, and now the program learns of it."""
        if self.at_eof:  # Linux remembers that the peer had said goodbye (tcp_reset, CLOSE_WAIT)
            self._leave(BrokenPipeError(32, "Broken pipe"))
        else:
            self._leave(ConnectionResetError(104, "Connection reset by peer"))

    # -- from the wire --------------------------------------------------------------------

    def arrive(self, segment: Segment) -> None:
        """A segment has reached this machine."""
        path = self.peer.path
        if self.loop.now < self.not_before:
            self.loop.deliver(self.not_before, self, segment)  # it left after what was held back
        elif path.cut:
            if segment.kind == RST:
                segment.lost = "cut"
            else:
                path.held.append((self, segment))
        elif self.network.is_off(self.here):
            segment.lost = "power cut"
            self.unanswered = True
        elif segment.kind == ACCEPT:
            self.network.accept(self)
        elif self.gone:
            self._refuse(segment)
        else:
            segment.arrived = self.loop.now
            self._accept(segment)

    def hear_reset(self) -> None:
        """An RST reached this socket: what is buffered is forgotten, in both directions."""
        self.inbox.clear()
        self.waiting.clear()
        self.ended = True
        if self.paused or self.at_eof or self.network.is_stalled(self.here):
            self.broken = True
        else:
            self._break()

    def refuse(self) -> None:
        """Nobody takes this connection: the peer is told by RST."""
        self.gone = self.closing = True
        self._end(RST)

    def _refuse(self, segment: Segment) -> None:
        """Bytes for a socket that is gone: they are lost, and the sender is told by RST."""
        if segment.kind == DATA:
            segment.lost = "given up"
            self.ended = True
            self.answer_with_rst()
        else:
            segment.arrived = self.loop.now

    def answer_with_rst(self) -> None:
        """Tell the peer that nobody is here; a kernel repeats that for each segment, we do not."""
        if not (self.path.cut or self.peer.gone or self.answered):
            self.answered = True
            self._emit(RST, self.path.latency)

    def _accept(self, segment: Segment) -> None:
        if segment.kind == RST:
            self.hear_reset()
        elif self.inbox or self.paused or self.network.is_stalled(self.here):
            self.inbox.append(segment)
        else:
            self._read(segment)

    def _read(self, segment: Segment) -> None:
        if segment.kind == DATA:
            self._acknowledge(segment.size)
            if not self.closing:
                self._tell(self.protocol.data_received, segment.data())
        elif not self.closing:
            self.at_eof = True  # asyncio looks at this socket no more, until something is written
            if not self._tell(self.protocol.eof_received):
                self.close()

    def read_inbox(self) -> None:
        """Hand over what piled up while nobody was reading."""
        if self.broken:
            self.broken = False
            self._break()
        while self.inbox and not (self.paused or self.gone or self.network.is_stalled(self.here)):
            self._read(self.inbox.popleft())

    def _acknowledge(self, size: int) -> None:
        """The program has read; the sender's window opens one latency later."""
        peer = self.peer
        if self.path.cut:
            self.network.hold_ack(peer, size)
            return
        when = round(self.loop.now + self.path.latency, 9)
        peer.acks.append((when, size))
        if peer.waiting:
            self.loop.call_at(when, peer.admitted, context=peer.context)

    def _tell(self, callback: Any, *args: Any) -> Any:
        try:
            return self.context.run(callback, *args)
        except Exception as error:
            self._report(callback, error)
            self._leave(error)
            return None

    def _ask(self, callback: Callable[[], None]) -> None:
        """Pause or resume the program, in the context in which it wrote."""
        try:
            callback()
        except Exception as error:
            self._report(callback, error)

    def _report(self, callback: Any, error: Exception) -> None:
        says = f"{callback.__name__}() raised"
        self.loop.call_exception_handler({"message": says, "exception": error})
