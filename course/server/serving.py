"""The web server's life: from a listening socket to its orderly end."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from course.server.app import Course, application


@asynccontextmanager
async def serving(
    course: Course,
    listener: socket.socket,
    mount: Callable[[web.Application], None] = lambda app: None,
) -> AsyncIterator[None]:
    """Within the block the course is answered on this socket, and what `mount` adds to it."""
    app = application(course, mount)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
