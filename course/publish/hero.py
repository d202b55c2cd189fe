"""The run whose picture stands on the home page: a bidder drives into a tunnel."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from labs import run


async def on_bid(bidder: ServerConnection) -> None:
    """The auction confirms each bid, until it gives the bidder up."""
    with suppress(ConnectionClosed):
        async for _ in bidder:
            await bidder.send("it stands")


async def tunnel(world: Any) -> None:
    """One bid on an open line, one from inside the tunnel, and a heartbeat that finds out."""
    with world.host("auction"):
        await serve(on_bid, "auction", 8765, ping_interval=20, ping_timeout=20)
    auction = await connect("ws://auction:8765", ping_interval=None)
    await auction.send("bid 100")
    await auction.recv()
    await asyncio.sleep(5)
    world.cut("bidder", "auction")
    await auction.send("bid 120")
    await asyncio.sleep(35)


def outcome() -> Any:
    """The run, the same on each machine."""
    return run(tunnel, seed=6, at="bidder")
