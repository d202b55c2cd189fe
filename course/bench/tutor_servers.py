"""The three servers that the tutor's figures compare, each a process of its own.

`tutor` is the real service with a door that lets everybody in; `query` is a bare aiohttp handler
that makes the same FTS5 query; `echo` is a bare aiohttp WebSocket echo. A server prints its port
and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import WSMsgType, web

from course.server import ports
from course.server.signin import NotSignedIn
from course.tutor import answerers
from course.tutor.accounts.door import Visitor
from course.tutor.answering import Index
from course.tutor.replies import SignInHint
from course.tutor.service.limits import AT_HOME
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database

ORIGIN = "http://bench.example"  # what the client says; nothing is looked up
LIMITS = replace(AT_HOME, sockets=100_000, asks_per_second=1e9, asks_at_once=1e9)


class Anybody:
    """A door where the cookie `user` is a number, and that is who one is."""

    hint = SignInHint("Nobody needs to sign in to a benchmark.")

    def routes(self) -> Sequence[web.RouteDef]:
        """None."""
        return ()

    async def recognised(self, request: web.Request) -> Visitor:
        """The user of this number."""
        number = request.cookies.get("user", "")
        if not number.isdecimal():
            raise NotSignedIn
        return Visitor(int(number), number, number)

    async def still(self, visitor: Visitor) -> None:
        """Always."""

    async def leave(self, visitor: Visitor, everywhere: bool) -> None:
        """Nothing."""

    async def erase(self, visitor: Visitor) -> None:
        """Nothing."""

    def clear(self, response: web.Response) -> None:
        """Nothing."""


async def echo(request: web.Request) -> web.StreamResponse:
    """A socket that says what it hears."""
    peer = web.WebSocketResponse()
    await peer.prepare(request)
    async for message in peer:
        if message.type is WSMsgType.TEXT:
            await peer.send_str(message.data)
    return peer


def query(passages: Path) -> web.Application:
    """One handler: a question in, the best passages out."""
    index = Index.open(json.loads(passages.read_text("utf-8")))

    async def answered(request: web.Request) -> web.Response:
        found = index.search(index.understood((await request.json())["question"]))
        return web.json_response([{"title": each.title, "text": each.text} for each in found])

    app = web.Application()
    app.router.add_post("/", answered)
    return app


async def serve(kind: str, passages: Path, folder: Path) -> None:
    """Serve until standard input ends."""
    async with database.opened(database.in_file(folder / "bench.sqlite3")) as engine:
        app = web.Application()
        if kind == "tutor":
            answerer = answerers.configured(passages)
            Service(Setting(ORIGIN, limits=LIMITS), engine, Anybody(), answerer).mount(app)
        elif kind == "query":
            app = query(passages)
        else:
            app.router.add_get("/", echo)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        with ports.listen(0) as listener:
            await web.SockSite(runner, listener).start()
            print(listener.getsockname()[1], flush=True)
            await asyncio.to_thread(sys.stdin.read)
            await runner.cleanup()


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), Path(place)))
