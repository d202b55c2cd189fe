"""One end of a simulated TCP connection, as an asyncio transport.

It promises what a socket on Linux promises: bytes in order, a window, a half-close, FIN when a
side closes, RST when bytes reach a socket that is gone. It never blocks and never drops a byte
on its own; what becomes of a segment on its way is the path's affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from labs.world.link import WINDOW
from labs.world.receiver import IntoBuffer, Receiver
from labs.world.sender import DATA, HIGH_WATER


class Endpoint(Receiver):
    """One side's socket, as its program sees it."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hand bytes to the network; returns at once, whatever becomes of them."""
        if type(data) is not bytes:
            data = _bytes_of(data)
        in_flight = self.in_flight + len(data)
        if in_flight > self.at_once or not self.path.plain:
            self._write_with_care(data)
            return
        self.in_flight, segment, now = in_flight, self.open_segment, self.loop.now
        if segment is not None and segment.time == now:
            segment.data += data
        elif data:
            # What round(..., 9) says, in a third of the time: this line is passed most often.
            arrival = round((now + self.path.latency) * 1e9) / 1e9
            self.open_segment = self._emit(DATA, arrival, data)

    def _write_with_care(self, data: bytes) -> None:
        """A write after an end, or of bytes that may have to wait or to be divided."""
        if self.eof_written:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not data or self.gone or self.dead:
            return
        if self.broken:
            self._break()
            return
        self._take_acks()
        if not self.waiting and self.path.plain and self.in_flight + len(data) <= WINDOW:
            self.write(data)
            return
        self.waiting += data
        self._flush()
        self._mark_buffer()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Hand several pieces to the network as one."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """Say that nothing more will be sent; reading goes on."""
        if not self.eof_written and not self.closing:
            self.eof_written = self.ending = True
            self.at_once = -1
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
        buffered = isinstance(protocol, asyncio.BufferedProtocol)
        self.reader = IntoBuffer(protocol) if buffered else protocol

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


def _bytes_of(data: object) -> bytes:
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"data must be bytes-like, not {type(data).__name__}")
    return bytes(data)
