"""Small servers and clients that the tests of both modes start."""

from __future__ import annotations

import asyncio

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

QUICK = 0.001  # seconds of latency where a test does not look at time


async def echo(connection):
    """Send every message back."""
    async for message in connection:
        await connection.send(message)


async def serve_echo():
    """A server as a program of a machine."""
    async with serve(echo, "auction", 8765, compression=None) as server:
        await server.serve_forever()


async def connected(**options):
    """A connection to the auction as soon as its server listens."""
    while True:
        try:
            return await connect("ws://auction:8765", compression=None, **options)
        except ConnectionRefusedError:
            await asyncio.sleep(0)


async def pour_into(writer):
    """Write more than any window holds."""
    for _ in range(100):
        writer.write(bytes(65_536))
        await writer.drain()


def kinds(world, kind):
    """The journal's events of one kind."""
    return [event for event in world.journal().events if isinstance(event, kind)]
