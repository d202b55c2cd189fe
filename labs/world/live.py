"""Real servers to be poked from outside: with curl, a browser, several tabs.

`live(app)` runs a `websockets` handler or an aiohttp application on 127.0.0.1 in a thread with a
loop of its own, so that it works the same in a notebook, a script and a test. It ends when the
cell that started it runs again, when it is stopped, and with the process.
"""

from __future__ import annotations

import asyncio
import atexit
import inspect
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import resources
from threading import Event, Thread, current_thread
from typing import TYPE_CHECKING, Any, Self

from labs.errors import WorldError
from labs.live_view import SERVERS, LiveView
from labs.world.where import where

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

LOOPBACK = "127.0.0.1"
FAREWELL = 1.0  # seconds that connections get to say goodbye when the server is stopped
Serving = Callable[["Live", int], AbstractAsyncContextManager[int]]


class Live(LiveView):
    """A server that runs until stop(); also a context manager."""

    def __init__(self, serving: Serving, scheme: str, port: int, cell: str) -> None:
        super().__init__(cell=cell)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._ready = Event()
        self._failure: Exception | None = None
        self._thread = Thread(target=self._run, args=(serving, port), name="live", daemon=True)
        self._thread.start()
        try:
            self._ready.wait()
        except BaseException:  # interrupted: leave no port
            self.stop()
            raise
        if self._failure is not None:
            raise WorldError(f"the live server could not start: {self._failure}")
        self.url = f"{scheme}://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Say goodbye to every connection, close the port and end the thread."""
        if not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(self._ended.set)
            except RuntimeError:  # it has closed in this very moment
                return
            if current_thread() is not self._thread:
                self._thread.join(timeout=2 * FAREWELL)

    def _run(self, serving: Serving, port: int) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(serving, port))
        except Exception as error:
            self._failure = error
        finally:
            self._leave_nothing()
            self.running = False
            self._ready.set()
            self.tell()

    async def _serve(self, serving: Serving, port: int) -> None:
        async with serving(self, port) as self.port:
            self._ready.set()
            await self._ended.wait()

    def _leave_nothing(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks, timeout=FAREWELL))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


def live(app: Any, port: int = 0) -> Live:
    """A server that runs beside the notebook: a `websockets` handler or an aiohttp application.

    Its address is `.url`; port 0 lets the system choose one. Running the same cell again, or
    calling it from the same line, replaces the server. Raises WorldError for anything else.
    """
    cell = SERVERS.cell or _caller(app)
    SERVERS.replace(cell)
    if inspect.iscoroutinefunction(app):
        server = Live(lambda view, at: _websocket(app, view, at), "ws", port, cell)
    elif _is_application(app):
        server = Live(lambda view, at: _application(app, view, at), "http", port, cell)
    else:
        kinds = "an `async def handler(websocket)` or an aiohttp web.Application"
        raise WorldError(f"live() takes {kinds}, not {type(app).__name__}")
    SERVERS.add(server)
    return server


def _caller(app: Any) -> str:
    frame = sys._getframe(2)
    name = getattr(app, "__qualname__", f"line {frame.f_lineno}")
    return f"{frame.f_globals.get('__name__')}: {name}"


def _is_application(app: Any) -> bool:
    served = sys.modules.get("aiohttp.web")
    return served is not None and isinstance(app, served.Application)


@asynccontextmanager
async def _websocket(handler: Any, view: Live, port: int) -> AsyncIterator[int]:
    from websockets.asyncio.server import serve

    async def page_for_browsers(connection: Any, request: Any) -> Any:
        if "text/html" not in request.headers.get("Accept", ""):
            return None  # the library's own answer: 101, or 426 to a client that does not upgrade
        page = resources.files("labs.world").joinpath("live_page.html").read_text("utf-8")
        answer = connection.respond(200, page)
        del answer.headers["Content-Type"]
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer

    server = await serve(
        handler,
        LOOPBACK,
        port,
        process_request=page_for_browsers,
        close_timeout=FAREWELL,
        logger=_ears(view),
    )
    try:
        yield _port_of(server.sockets)
    finally:
        server.close()
        await asyncio.wait([asyncio.ensure_future(server.wait_closed())], timeout=FAREWELL)


@asynccontextmanager
async def _application(app: web.Application, view: Live, port: int) -> AsyncIterator[int]:
    from aiohttp import web

    # aiohttp ties an application to the first loop that runs it; that may have been a world's,
    # or the one of the server that this one replaces.
    app._loop = None
    ears = _ears(view)
    runner = web.AppRunner(app, access_log=None, logger=ears, shutdown_timeout=FAREWELL)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _port_of(sockets: Any) -> int:
    return int(next(iter(sockets)).getsockname()[1])


class _Sentences(logging.Handler):
    """Turns what a library logs of a failed handler into one sentence of the live view."""

    def __init__(self, view: LiveView) -> None:
        super().__init__(logging.ERROR)
        self.view = view

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the kind of the exception and the line; a peer that left is no failure."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not _peer_left(error):
            says = f"a handler ended with {type(error).__name__} at {where(error)}"
            self.view.notice(f"{says}; the server goes on")


def _peer_left(error: BaseException) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"ConnectionClosed", "ConnectionError", "InvalidMessage"})


def _ears(view: LiveView) -> logging.Logger:
    # Outside the tree of loggers: nothing of it reaches stderr, and it ends with its server.
    ears = logging.Logger("live")  # noqa: LOG001 - for that reason
    ears.addHandler(_Sentences(view))
    return ears


atexit.register(SERVERS.stop_all)
