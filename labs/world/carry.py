"""How the proxy carries bytes from one program to another: the connection and its two directions.

Each direction reads from one socket as long as its window has room, keeps what it read until it
is due, waits while the weather does not let it pass, and writes it to the other socket. Nothing
is dropped here; bytes are lost only where a connection is given up.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Protocol

from labs.journal import Ended, Sent
from labs.world.link import WINDOW
from labs.world.tape import Tape
from labs.world.weather import Dial, Parcel, Weather

READ = 65_536  # bytes asked of a socket at once
CHUNK = 16_384  # bytes of one piece where bandwidth is limited
FINEST = 0.000_5  # seconds; a selector cannot wait for less, so nobody is made to
APART = 0.001  # seconds between the pieces of a write, so that the receiver reads them one by one


class Wire(Protocol):
    """What a connection needs to know of the proxy that it belongs to."""

    weather: Weather
    tape: Tape
    seed: int
    loop: asyncio.AbstractEventLoop
    connections: set[Connection]

    async def until(self, true: Callable[[], bool]) -> None:
        """Return once the weather is such that `true()`."""


class Connection:
    """Two real sockets, one to each program, and the two directions between them."""

    def __init__(self, wire: Wire, dial: Dial, *sockets: socket.socket) -> None:
        self.wire, self.number = wire, dial.connection
        self.hosts = (dial.client, dial.server)
        self.sockets = sockets
        for one in sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.directions = (Direction(self, 0), Direction(self, 1))

    def reset(self) -> None:
        """Both programs get an RST at once; what was under way is lost."""
        for direction in self.directions:
            direction.lose("reset")
            if not direction.ended:
                direction.record_end("RST", self.wire.tape.now())
        self.end()

    def die_at(self, host: str) -> None:
        """The program at one end is gone: what it sent arrives, then FIN; what it gets is lost."""
        there, back = self._seen_from(host)
        with suppress(OSError):  # ... and when there is nothing more, that is one
            while last := there.source.recv(READ):
                there.put(last)
        there.put("FIN")
        there.reading.cancel()
        back.gone = True

    def fall_silent(self, host: str) -> None:
        """The machine at one end has no power: it sends nothing more, not even an end."""
        there, _ = self._seen_from(host)
        there.ended = True
        there.reading.cancel()

    def forget(self, host: str) -> None:
        """The machine at one end came back without memory of this connection."""
        self._seen_from(host)[1].gone = True

    def finished(self) -> None:
        """One direction has delivered its FIN; after the second one the connection is over."""
        if all(direction.closed for direction in self.directions):
            self.end()

    def end(self) -> None:
        """Nothing more is carried; a program that did not close in peace gets an RST."""
        self.wire.connections.discard(self)
        for direction in self.directions:
            direction.stop()
        for one, towards in zip(self.sockets, self.directions[::-1], strict=True):
            self.wire.loop.remove_reader(one)
            self.wire.loop.remove_writer(one)
            close(one, rst=not towards.closed)
        for direction in self.directions:
            direction.lose("given up")
            direction.closed = True

    def _seen_from(self, host: str) -> tuple[Direction, Direction]:
        there, back = self.directions
        return (there, back) if there.sender == host else (back, there)


class Direction:
    """Bytes from one program to the other: in order, as late as the path makes them."""

    def __init__(self, connection: Connection, side: int) -> None:
        self.connection, self.wire, self.side = connection, connection.wire, side
        self.sender, self.receiver = connection.hosts[side], connection.hosts[1 - side]
        self.source, self.sink = connection.sockets[side], connection.sockets[1 - side]
        self.path = self.wire.weather.path(self.sender, self.receiver)
        self.jitter = Random(f"{self.wire.seed}/{connection.number}/{side}")
        self.parcels: asyncio.Queue[Parcel] = asyncio.Queue()
        self.under_way = 0
        self.room = asyncio.Event()
        self.last_due = 0.0
        self.ended = False  # the sender has said its last word
        self.closed = False  # ... and the receiver has heard it
        self.gone = False  # the receiver has no such connection any more
        self.reading = self.wire.loop.create_task(self._read())
        self.giving = self.wire.loop.create_task(self._give())

    def put(self, what: bytes | str) -> None:
        """Bytes or an end leave the sender: record them, and say when they are due."""
        if self.ended:
            return
        if isinstance(what, bytes):
            for number, piece in enumerate(self._pieces(what)):
                event = Sent(*self._stamp(), piece, None)
                self._post(event, piece, len(piece), number * APART)
        elif what == "RST" and self.path.cut:
            # Nobody acknowledges a reset, so nobody repeats one: a cut swallows it.
            self.record_end(what, None)
            self.connection.directions[1 - self.side].gone = True
        else:
            self.ended = True
            self._post(Ended(*self._stamp(), what, None), what, 0, 0.0)

    def lose(self, why: str) -> None:
        """What is under way never arrives."""
        while not self.parcels.empty():
            parcel = self.parcels.get_nowait()
            if isinstance(parcel.what, bytes):
                self.wire.tape.change(parcel.entry, lost=why)

    def record_end(self, how: str, arrived: float | None) -> int:
        """Note that this direction is over."""
        self.ended = True
        return self.wire.tape.add(Ended(*self._stamp(), how, arrived))

    def stop(self) -> None:
        """Carry nothing more. The task that says so goes on to its own end."""
        here = asyncio.current_task(self.wire.loop)
        for task in (self.reading, self.giving):
            if task is not here:
                task.cancel()

    async def _read(self) -> None:
        while not self.ended:
            while self.under_way >= WINDOW:
                self.room.clear()
                await self.room.wait()
            try:
                self.put(await self.wire.loop.sock_recv(self.source, READ) or "FIN")
            except OSError:
                self.put("RST")

    async def _give(self) -> None:
        while not self.closed:
            parcel = await self.parcels.get()
            await _sleep_until(parcel.due)
            if not self._passes():
                await self.wire.until(self._passes)
                await asyncio.sleep(self.path.latency)
            self.wire.tape.change(parcel.entry, arrived=self.wire.tape.now())
            await self.wire.until(self._is_read)
            await self._hand_over(parcel)

    async def _hand_over(self, parcel: Parcel) -> None:
        if parcel.what == "RST":
            self.connection.end()
        elif parcel.what == "FIN":
            self.closed = True
            with suppress(OSError):
                self.sink.shutdown(socket.SHUT_WR)
            self.connection.finished()
        elif isinstance(parcel.what, bytes):
            await self._send(parcel.what)
            self.under_way -= len(parcel.what)
            self.room.set()
            if self.gone:
                await self._say_gone(parcel.entry)

    async def _send(self, data: bytes) -> None:
        try:
            if not self.gone:
                await self.wire.loop.sock_sendall(self.sink, data)
                self.gone = self.sink.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
        except OSError:
            self.gone = True

    async def _say_gone(self, entry: int) -> None:
        """Bytes for a socket that is gone: they are lost, and the sender is told by RST."""
        self.wire.tape.change(entry, arrived=None, lost="given up")
        self.lose("given up")
        back = self.connection.directions[1 - self.side]
        told = back.record_end("RST", None)
        if back._passes():
            await asyncio.sleep(back.path.latency)
            self.wire.tape.change(told, arrived=self.wire.tape.now())
            self.connection.end()

    def _stamp(self) -> tuple[float, int, str, str]:
        return self.wire.tape.now(), self.connection.number, self.sender, self.receiver

    def _pieces(self, data: bytes) -> list[bytes]:
        size = self.path.segment_size or (CHUNK if self.path.bandwidth else len(data))
        return [data[start : start + size] for start in range(0, len(data), size)]

    def _post(self, event: Sent | Ended, what: bytes | str, size: int, gap: float) -> None:
        leaves = self.wire.loop.time()
        if self.path.bandwidth:
            leaves = max(leaves, self.path.free_at) + size / self.path.bandwidth
            self.path.free_at = leaves
        late = self.path.latency + self.jitter.uniform(0, self.path.jitter) + gap
        self.last_due = max(self.last_due, leaves + late)
        self.under_way += size
        self.parcels.put_nowait(Parcel(self.wire.tape.add(event), what, self.last_due))

    def _passes(self) -> bool:
        return self.wire.weather.passes(self.sender, self.receiver)

    def _is_read(self) -> bool:
        return self.receiver not in self.wire.weather.stalled


async def _sleep_until(due: float) -> None:
    seconds = due - asyncio.get_running_loop().time()
    if seconds > FINEST:
        await asyncio.sleep(seconds)


def close(one: socket.socket, rst: bool) -> None:
    """Close a socket; with an RST (SO_LINGER with no seconds left) if nobody ended in peace."""
    if rst:
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()
