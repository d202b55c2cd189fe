"""A hosted tutor on loopback, as its proxy reaches it, and a browser with a cookie jar."""

import asyncio
import json
import re
import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from argon2 import PasswordHasher

from course.server.pages import Pages
from course.tutor import hosting
from course.tutor.accounts.password import PasswordDoor, Policy
from course.tutor.accounts.passwords import Passwords
from course.tutor.protocol import Delta
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HIDDEN = re.compile(r'name="csrf" value="([\w-]+)"')


class Clock:
    """A time that only the test moves."""

    time = 1_790_000_000.0

    def __call__(self):
        return self.time


class Yes:
    """Answers every question."""

    model = None

    async def __call__(self, ask, allowance):
        yield Delta("yes")


class Browser:
    """Keeps cookies by name, sends them back, says where it comes from."""

    def __init__(self, http, local, origin):
        self.http = http
        self.local = local
        self.origin = origin
        self.cookies = {}

    async def open(self, method, path, origin="ours", **options):
        """Status and text; redirects are not followed."""
        headers = {"Host": self.origin.partition("://")[2]} | options.pop("headers", {})
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST" and origin:
            headers["Origin"] = self.origin if origin == "ours" else origin
        async with self.http.request(
            method, self.local + path, headers=headers, allow_redirects=False, **options
        ) as self.response:
            for line in self.response.headers.getall("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value.strip('"')
            return self.response.status, await self.response.text()

    async def form(self, path="/tutor/sign-in"):
        """The hidden secret of a form."""
        return HIDDEN.search((await self.open("GET", path))[1])[1]

    async def sign_in(self, name, password, path="/tutor/sign-in", **more):
        """Status of the form, filled in and sent."""
        data = {"csrf": await self.form(path), "name": name, "password": password} | more
        self.text = (await self.open("POST", path, data=data))[1]
        return self.response.status

    async def ask(self):
        status, text = await self.open("POST", "/tutor/ask", json={"question": "?"})
        return status, json.loads(text)


class Hosted:
    """The running tutor."""

    def __init__(self, local, origin, http, people, passwords, clock, service):
        self.local = local
        self.origin = origin
        self.http = http
        self.people = people
        self.passwords = passwords
        self.clock = clock
        self.service = service

    def browser(self):
        return Browser(self.http, self.local, self.origin)

    async def account(self, name, password):
        return await self.people.create(name, await self.passwords.hashed(password), 0)


@asynccontextmanager
async def hosted_in(folder, origin, registers):
    clock = Clock()
    (folder / "index.html").write_text("<h1>The course</h1>")
    async with database.opened(database.in_file(folder / "tutor.sqlite3")) as engine:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            local = f"http://127.0.0.1:{port}"
            origin = origin or local
            https = origin.startswith("https")
            policy = Policy(https, port, proxied=https, registers=registers)
            people, passwords = People(engine), Passwords(CHEAP)
            door = PasswordDoor(people, passwords, policy, clock)
            service = Service(Setting(origin, now=clock, clock=clock), engine, door, Yes())
            app = hosting.application(origin, service, Pages(folder))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                    yield Hosted(local, origin, http, people, passwords, clock, service)
            finally:
                await runner.cleanup()


@pytest.fixture
def hosted(tmp_path):
    """`hosted(program, origin=..., registers=...)` runs a coroutine function on a hosted tutor."""

    def run(program, origin="https://tutor.example", registers=False):
        async def play():
            async with asyncio.timeout(60), hosted_in(tmp_path, origin, registers) as stage:
                return await program(stage)

        return asyncio.run(play())

    return run
