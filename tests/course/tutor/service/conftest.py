"""A real tutor on loopback: its service, its database, the sign-in of `start`, a slow answerer."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from course.server.signin import SignIn
from course.tutor.accounts.link import LinkDoor
from course.tutor.protocol import Citation, Delta, Done, Refused, Usage
from course.tutor.service.limits import Limits
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People

WITHIN = 10.0  # seconds until a test that waits in vain fails
COOKIE = "course-test"
PANEL = "http://127.0.0.1:8888"  # JupyterLab's, on the list


class Clock:
    """A time that only the test moves."""

    def __init__(self):
        self.time = 1_790_000_000.0

    def __call__(self):
        return self.time


class Answerer:
    """Answers as the question says: `n words`, `wait` for a sign, `refuse`, `break`, `call`."""

    def __init__(self):
        self.model = None
        self.asked = []
        self.go_on = asyncio.Event()
        self.closed = []

    async def __call__(self, ask, allowance):
        self.asked.append(ask)
        try:
            async for part in self.parts(ask.question.split(), allowance):
                yield part
        finally:
            self.closed.append(ask.id)

    async def parts(self, words, allowance):
        match words:
            case [number, "words"]:
                for n in range(int(number)):
                    yield Delta(f"word{n} ")
                yield Citation(1, "06#ping", "Ping", "/lessons/06_liveness/#ping")
                yield Done(Usage("course"), ("And then?",))
            case ["wait"]:
                yield Delta("so far ")
                await self.go_on.wait()
                yield Delta("so good")
            case ["refuse"]:
                yield Refused("off_topic", ("What is a webhook?",))
            case ["break"]:
                raise ZeroDivisionError("this is logged and not told")
            case ["call"]:
                await allowance.take()
                yield Delta("from the model")
                yield Done(Usage("model", self.model))
            case ["long"]:
                yield Delta("x" * 70_000)
            case _:
                yield Delta("yes")


class Client:
    """One socket of the learner's, speaking JSON."""

    def __init__(self, peer):
        self.peer = peer

    async def say(self, message_type, **members):
        await self.peer.send_str(json.dumps({"type": message_type, **members}))

    async def hear(self):
        """The next message."""
        message = await self.peer.receive(WITHIN)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return json.loads(message.data)

    async def answer(self):
        """Every message up to the end of an answer."""
        heard = [await self.hear()]
        while heard[-1]["type"] not in ("done", "error"):
            heard.append(await self.hear())
        return heard

    async def code(self):
        """The close code, whatever comes before it."""
        while not (await self.peer.receive(WITHIN)).type.name.startswith("CLOS"):
            pass
        return self.peer.close_code


class Stage:
    """The running tutor, and a learner's browser that has signed in."""

    def __init__(self, origin, service, http, sign_in, answerer, clock, engine):
        self.origin = origin
        self.service = service
        self.http = http
        self.sign_in = sign_in
        self.answerer = answerer
        self.clock = clock
        self.engine = engine
        self.session = sign_in.redeem(sign_in.new_ticket())

    def headers(self, **more):
        plain = {"Origin": self.origin, "Cookie": f"{COOKIE}={self.session}"}
        return {k: v for k, v in (plain | more).items() if v is not None}

    async def post(self, path, body=None, **headers):
        """Status and JSON of a POST as our page makes it; a header that is None is left out."""
        more = {"json": body} if not isinstance(body, bytes) else {"data": body}
        return await self._answered(
            self.http.post(self.origin + path, **more, headers=self.headers(**headers))
        )

    async def get(self, path, **headers):
        return await self._answered(
            self.http.get(self.origin + path, headers=self.headers(**headers))
        )

    async def _answered(self, asking):
        async with asking as response:
            self.response = response
            return response.status, json.loads(await response.text())

    async def ticket(self):
        return (await self.post("/tutor/ticket"))[1]["ticket"]

    async def raw(self, ticket, origin=None, protocols=("tutor.v1",), **options):
        url = f"{self.origin}/tutor/socket" + (f"?ticket={ticket}" if ticket else "")
        headers = {"Origin": origin or self.origin}
        return Client(
            await self.http.ws_connect(url, headers=headers, protocols=protocols, **options)
        )

    async def socket(self, **options):
        return await self.raw(await self.ticket(), **options)


@asynccontextmanager
async def staged(folder, limits):
    clock, answerer = Clock(), Answerer()
    async with database.opened(database.in_file(folder / "tutor.sqlite3")) as engine:
        number = iter(range(10**6))
        sign_in = SignIn(lambda: f"secret{next(number)}")
        app = web.Application()
        with socket.create_server(("127.0.0.1", 0)) as server:
            origin = f"http://127.0.0.1:{server.getsockname()[1]}"
            door = LinkDoor(sign_in, COOKIE, "owner-secret", People(engine), clock)
            setting = Setting(origin, frozenset({PANEL}), limits, clock, clock)
            service = Service(setting, engine, door, answerer)
            service.mount(app)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            try:
                await web.SockSite(runner, server).start()
                async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                    yield Stage(origin, service, http, sign_in, answerer, clock, engine)
            finally:
                answerer.go_on.set()
                await runner.cleanup()


@pytest.fixture
def tutor(tmp_path):
    """`tutor(program, limit=...)` runs a coroutine function on a stage."""

    def run(program, **limits):
        async def play():
            async with asyncio.timeout(60), staged(tmp_path, replace(Limits(), **limits)) as stage:
                return await program(stage)

        return asyncio.run(play())

    return run
