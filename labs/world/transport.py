"""One end of a simulated TCP connection, as an asyncio transport.

It promises what a socket on Linux promises: bytes in order, a window, a half-close, FIN when a
side closes, RST when bytes reach a socket that is gone. It never blocks and never drops a byte
on its own; what becomes of a segment on its way is the path's affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labs.world.link import WINDOW
from labs.world.sender import ACCEPT, DATA, HIGH_WATER, RST, Segment, Sender

BYTES_LIKE = (bytes, bytearray, memoryview)


class Endpoint(Sender):
    """One side's socket: what its program asks of it, and what reaches it from the wire."""

    answered = False  # an RST has told the peer that nobody is here any more
    unanswered = False  # something came while the machine had no power
    at_eof = False  # the peer has ended its half
    broken = False  # an RST came while nobody was reading
    not_before = 0.0  # arrivals wait for those that a cut had held back

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
        elif self.here in self.network.off:
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
        if self.paused or self.at_eof or self.here in self.network.stalled:
            self.broken = True
        else:
            self._break()

    def _break(self) -> None:
        """The peer reset the connection, and now the program learns of it."""
        if self.at_eof:  # Linux remembers that the peer had said goodbye (tcp_reset, CLOSE_WAIT)
            self._leave(BrokenPipeError(32, "Broken pipe"))
        else:
            self._leave(ConnectionResetError(104, "Connection reset by peer"))

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
        elif self.inbox or self.paused or self.here in self.network.stalled:
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
        while self.inbox and not (self.paused or self.gone or self.here in self.network.stalled):
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
