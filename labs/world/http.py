"""An aiohttp application on a machine of the world, as `websockets.serve` does it for sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web


@asynccontextmanager
async def serve_http(app: web.Application, host: str, port: int) -> AsyncIterator[web.AppRunner]:
    """The application as it runs, on the machine and port, for the length of the `async with`."""
    from aiohttp import web

    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    try:
        yield runner
    finally:
        await runner.cleanup()
