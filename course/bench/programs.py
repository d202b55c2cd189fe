"""The programs that are measured: the same text in each world, on real sockets and in others'.

`clock` is handed in, since a world's own clock shows virtual time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

Clock = Callable[[], float]

MESSAGES = 2_000
REQUESTS = 1_000
SOCKETS = 10
DAY = 86_400.0  # seconds


async def answer(ws: Any) -> None:
    """Send back what comes."""
    async for message in ws:
        await ws.send(message)


async def echo(host: str, clock: Clock, count: int = MESSAGES) -> float:
    """WebSocket messages echoed a second, one at a time."""
    async with serve(answer, host, 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connect(f"ws://{host}:{port}", compression=None, proxy=None) as ws:
            begun = clock()
            for _ in range(count):
                await ws.send("twenty bytes of text")
                await ws.recv()
            return count / (clock() - begun)


async def hook(request: web.Request) -> web.Response:
    """Read the body, answer 200."""
    await request.read()
    return web.Response(text="ok")


async def post(host: str, clock: Clock, count: int = REQUESTS) -> float:
    """HTTP requests answered a second, one at a time over one connection."""
    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    url = f"http://{host}:{runner.addresses[0][1]}/hook"
    try:
        async with ClientSession() as session:
            begun = clock()
            for _ in range(count):
                async with session.post(url, data=b"x" * 100) as response:
                    await response.read()
            return count / (clock() - begun)
    finally:
        await runner.cleanup()


async def idle(host: str, clock: Clock, seconds: float = DAY) -> float:
    """Virtual seconds a second, while ten sockets send heartbeats both ways and nothing else."""
    begun = clock()
    async with serve(answer, host, 8765, compression=None):
        url = f"ws://{host}:8765"
        opening = (connect(url, compression=None, proxy=None) for _ in range(SOCKETS))
        sockets = [await each for each in opening]
        await asyncio.sleep(seconds)
        for ws in sockets:
            await ws.close()
    return seconds / (clock() - begun)
