"""The receiving half of one end of a simulated TCP connection: from the wire to the program.

A segment that arrives is handed to the program at once, if that reads; what must wait, for the
heal of a cut or for a reader, waits in order. An end arrives as FIN or RST.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from labs.world.sender import ACCEPT, DATA, RST, Segment, Sender

if TYPE_CHECKING:
    from labs.world.transport import Endpoint


class IntoBuffer:
    """Hands bytes to an asyncio.BufferedProtocol: into the buffer that it offers."""

    def __init__(self, protocol: asyncio.BufferedProtocol) -> None:
        self.protocol = protocol

    def data_received(self, data: bytes) -> None:
        """Fill the buffer, as often as that takes."""
        while data:
            buffer: Any = self.protocol.get_buffer(len(data))
            size = min(len(buffer), len(data))
            if not size:
                raise RuntimeError("get_buffer() returned an empty buffer")
            buffer[:size] = data[:size]
            self.protocol.buffer_updated(size)
            data = data[size:]


class Receiver(Sender):
    """One side's socket, so far as something reaches it."""

    answered = False  # an RST has told the peer that nobody is here any more
    unanswered = False  # something came while the machine had no power
    at_eof = False  # the peer has ended its half
    broken = False  # an RST came while nobody was reading
    not_before = 0.0  # arrivals wait for those that a cut had held back

    def face(self, peer: Endpoint) -> None:
        """Make the other end known, to which segments go."""
        self.peer, self.reaches = peer, peer.arrive

    def arrive(self, segment: Segment) -> None:
        """A segment has reached this machine: mostly bytes, for a program that reads."""
        waits = self.closing or self.paused or self.inbox
        if waits or self.network.harmed or segment.kind != DATA:
            self._arrive_with_care(segment)
        else:
            segment.arrived = self.loop.now
            self._read_data(segment.data)

    def _arrive_with_care(self, segment: Segment) -> None:
        """Whatever arrives, also where something was cut, switched off or closed."""
        path, network = self.peer.path, self.network
        if self.loop.now < self.not_before:
            self.loop.deliver(self.not_before, segment)  # it left after what was held back
        elif path.cut:
            if segment.kind == RST:
                segment.lost = "cut"
            else:
                path.held.append(segment)
        elif self.here in network.off:
            segment.lost = "power cut"
            self.unanswered = True
        elif segment.kind == ACCEPT:
            network.accept(segment.source.peer)
        elif self.gone:
            self._refuse(segment)
        else:
            segment.arrived = self.loop.now
            if segment.kind == RST:
                self.hear_reset()
            elif self.inbox or self.paused or self.here in network.stalled:
                self.inbox.append(segment)
            else:
                self._read(segment)

    def hear_reset(self) -> None:
        """An RST reached this socket: what is buffered is forgotten, in both directions."""
        self.inbox.clear()
        self.waiting.clear()
        self.ended = True
        if self.paused or self.at_eof or self.here in self.network.stalled:
            self.broken, self.at_once = True, -1
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
        self.at_once = -1
        self._end(RST)

    def lose_power(self) -> None:
        """The machine is off: its program writes nothing and is told nothing."""
        self.dead = self.gone = True
        self.at_once = -1

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
            self._emit(RST, round(self.loop.now + self.path.latency, 9))

    def _read(self, segment: Segment) -> None:
        if segment.kind == DATA:
            self._read_data(segment.data)
        else:
            self._read_end()

    def _read_data(self, data: bytes) -> None:
        """The program reads; the sender's window opens one latency later."""
        peer, path = self.peer, self.path
        if path.cut:
            self.network.hold_ack(peer, len(data))
        else:
            peer.acks.append((self.loop.now + path.latency, len(data)))
            if peer.waiting:
                self.loop.call_at(peer.acks[-1][0], peer.admitted, context=peer.context)
        if not self.closing:
            try:
                self.context.run(self.reader.data_received, data)
            except Exception as error:
                self._fail(self.reader.data_received, error)

    def _read_end(self) -> None:
        if self.closing:
            return
        self.at_eof = True  # asyncio looks at this socket no more, until something is written
        try:
            stays_open = self.context.run(self.protocol.eof_received)
        except Exception as error:
            self._fail(self.protocol.eof_received, error)
            return
        if not stays_open:
            self.close()

    def _fail(self, callback: Any, error: Exception) -> None:
        self._report(callback, error)
        self._leave(error)

    def read_inbox(self) -> None:
        """Hand over what piled up while nobody was reading."""
        if self.broken:
            self.broken = False
            self._break()
        while self.inbox and not (self.paused or self.gone or self.here in self.network.stalled):
            self._read(self.inbox.popleft())
