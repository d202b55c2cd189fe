"""The door `tutor`: the tutor alone, for a class or the public, behind a proxy that speaks https.

It listens on loopback; the proxy must pass Host on, must not buffer, and must leave a WebSocket
open for longer than a heartbeat. With the built site it also serves the pages.
"""

import argparse
import asyncio
import getpass
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from course.refusal import Refusal
from course.server import ports
from course.server.guards import ORIGIN, guarded
from course.server.options import Parser
from course.server.options import port as port_number
from course.server.pages import Pages
from course.setup import lock
from course.tutor import answerers
from course.tutor.accounts.password import PasswordDoor, Policy
from course.tutor.accounts.passwords import Passwords, Unfit, fit_name, fit_password
from course.tutor.protocol import SIGN_IN
from course.tutor.service.limits import HOSTED
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People

ROOT = Path(__file__).resolve().parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str]) -> int:
    """Exit status of one command: `serve` is the one that is meant where none is named."""
    given = parsed(arguments)
    url = os.environ.get("DATABASE_URL") or database.in_file(
        lock.private_folder(ROOT) / "hosted.sqlite3"
    )
    return asyncio.run(
        account(url, given.name) if given.command == "account" else serve(url, given)
    )


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of these arguments; wrong ones end the program with the usage."""
    parser = Parser(
        prog="python3 -m course tutor",
        description="Serves the tutor alone. DATABASE_URL names its database (SQLite in .course/ "
        "where it is not set).",
    )
    parser.add_argument("command", nargs="?", choices=("serve", "account"), default="serve")
    parser.add_argument("name", nargs="?", help="of the account whose password is set")
    parser.add_argument("--port", type=port_number, default=8001, help="on 127.0.0.1 (8001)")
    parser.add_argument("--origin", help="how browsers reach it: https://tutor.example.org")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the built site")
    parser.add_argument("--registration", choices=("closed", "open"), default="closed",
                        help="whether anybody may make an account (closed)")  # fmt: skip
    parser.add_argument("--calls-per-user", type=int, default=HOSTED.calls_per_user,
                        help="of a model, a day")  # fmt: skip
    parser.add_argument("--calls-per-day", type=int, default=HOSTED.calls_per_day,
                        help="of a model, by everybody together")  # fmt: skip
    given = parser.parse_args(arguments)
    if (given.command == "account") != (given.name is not None):
        parser.error("an account has a name, and nothing else has: `account NAME`")
    return given


async def account(url: str, given: str) -> int:
    """Make the account, or set its password and sign it out everywhere."""
    try:
        name = fit_name(given)
        password = fit_password(asked(), name)
    except Unfit as why:
        raise Refusal(str(why)) from None
    async with database.opened(url) as engine:
        people = People(engine)
        user = await people.ensure(name, time.time())
        await people.set_password(user.id, await Passwords().hashed(password))
    print(f"{name} can sign in with this password.")
    return 0


def asked() -> str:
    """The password: typed without being shown, or the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


async def serve(url: str, given: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    told = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with AsyncExitStack() as ends:
        listener = ends.enter_context(ports.listen(given.port))
        port = listener.getsockname()[1]
        origin = origin_of(given.origin or f"http://127.0.0.1:{port}")
        engine = await ends.enter_async_context(database.opened(url))
        policy = Policy(
            https=origin.startswith("https:"), port=port, proxied=given.origin is not None,
            registers=given.registration == "open",
        )  # fmt: skip
        limits = replace(
            HOSTED, calls_per_user=given.calls_per_user, calls_per_day=given.calls_per_day
        )
        door = PasswordDoor(People(engine), Passwords(), policy, time.time)
        answerer = answerers.configured(given.site / "tutor" / "passages.json")
        service = Service(Setting(origin, limits=limits), engine, door, answerer)
        app = application(origin, service, Pages(given.site))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        ends.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
        print(f"Tutor ready: {origin}{SIGN_IN} (listening on 127.0.0.1:{port})", flush=True)
        await told.wait()
        print("\nStopping the tutor.", flush=True)
    return 0


def application(origin: str, service: Service, pages: Pages) -> web.Application:
    """The tutor and the pages, behind the guards of the course's own server."""
    app = web.Application(middlewares=[guarded])
    app[ORIGIN] = origin
    service.mount(app)
    app.router.add_route("*", "/{path:.*}", pages.answer)
    return app


def origin_of(given: str) -> str:
    """The origin as a browser writes it (RFC 6454 6.2). Raises Refusal."""
    parts = urlsplit(given)
    plain = parts._replace(path="", query="", fragment="").geturl()
    local = parts.hostname in ("127.0.0.1", "localhost")
    if not (parts.scheme == "https" or (parts.scheme == "http" and local)) or not parts.hostname:
        raise Refusal(
            "--origin is how browsers reach the tutor, as in https://tutor.example.org; "
            "over https, because passwords cross the network."
        )
    if plain != given or given != given.lower() or parts.username is not None:
        raise Refusal(f"--origin has a scheme, a host and maybe a port: `{plain.lower()}`.")
    return given
