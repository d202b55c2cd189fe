"""One end of a WebSocket connection as a grader plays it: a handshake, then frames, over streams.

It knows nothing of pings, closing, or time: what a frame is answered with is up to the scenario.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

from labs.websocket import frames, handshake, head
from labs.websocket.frames import Frame, Opcode, Role

CHUNK = 65_536  # bytes asked for at a time


class End:
    """An open connection, seen from one of its ends."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, role: Role, rng: Random
    ) -> None:
        self.reader, self.writer, self.role, self.rng = reader, writer, role, rng
        self.received = bytearray()

    def send(self, opcode: Opcode, payload: bytes = b"") -> None:
        """Write one frame; a client's is masked with fresh bytes."""
        mask = self.rng.randbytes(4) if self.role is Role.CLIENT else None
        self.writer.write(frames.serialize(Frame(opcode, payload, mask=mask)))

    def say(self, text: str) -> None:
        """Write a text frame."""
        self.send(Opcode.TEXT, text.encode())

    async def frames(self) -> AsyncIterator[Frame]:
        """Each frame that arrives, until the TCP connection ends, in whatever way."""
        while True:
            while frame := frames.parse(self.received, self.role):
                del self.received[: frame.size]
                yield frame
            try:
                chunk = await self.reader.read(CHUNK)
            except OSError:
                return
            if not chunk:
                return
            self.received += chunk


async def accepted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rng: Random
) -> End | None:
    """A server's end of a connection that has just come in; None when it ends too soon."""
    received = b""
    while (request := head.parse_request(received)) is None:
        if not (chunk := await reader.read(CHUNK)):
            return None
        received += chunk
    writer.write(head.serialize(handshake.answer(request)))
    return End(reader, writer, Role.SERVER, rng)


async def dialled(host: str, rng: Random, port: int = 80) -> End:
    """A client's end of a new connection. Raises OSError, also when the handshake fails."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(head.serialize(handshake.request(host, "/bids", rng.randbytes(16))))
    received = b""
    while (response := head.parse_response(received)) is None:
        if not (chunk := await reader.read(CHUNK)):
            writer.close()
            raise ConnectionResetError("the connection ended before the handshake did")
        received += chunk
    if response.status != 101:
        writer.close()
        raise ConnectionError(f"the server answered {response.status}, not 101")
    end = End(reader, writer, Role.CLIENT, rng)
    end.received += received[response.size :]
    return end
