"""An aiohttp application on a machine of the world, as `websockets.serve` does it for sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp import web


@asynccontextmanager
async def serve_http(
    app: web.Application | Callable[[Any], Awaitable[web.StreamResponse]],
    host: str,
    port: int,
    tls: SSLContext | None = None,
) -> AsyncIterator[web.BaseRunner]:
    """The application as it runs, on the machine and port, for the length of the `async with`.

    Instead of an application: one handler, which is then given every request. `tls` is the
    server's context, for real mode.
    """
    from aiohttp import web

    runner: web.BaseRunner
    if isinstance(app, web.Application):
        runner = web.AppRunner(app, access_log=None)
    else:
        runner = web.ServerRunner(web.Server(app, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, host, port, ssl_context=tls).start()
    try:
        yield runner
    finally:
        await runner.cleanup()
