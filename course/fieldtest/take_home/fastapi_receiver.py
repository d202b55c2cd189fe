"""A webhook receiver on FastAPI: verify the raw body, keep it, answer, work; each effect once.

Take this file and the .sql of your database. It verifies Standard Webhooks; for another sender
exchange `verify`, as most have a library for it. What an event means to you goes into `work`.

    pip install fastapi uvicorn 'psycopg[binary,pool]'
    export WEBHOOK_SECRETS='whsec_...'     # two of them while you rotate
    export DATABASE_URL=sqlite:inbox.db    # or postgresql://user@host/name, what psycopg is for
    python fastapi_receiver.py 8000       # `effects`: how often each event took effect
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import re
import sqlite3
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

# --- the same in every framework, from here ------------------------------------------------------
SECRETS = os.environ.get("WEBHOOK_SECRETS", "").split()
DATABASE = os.environ.get("DATABASE_URL", "sqlite:inbox.db")
TOLERANCE = 300  # s, into the past and into the future: clocks differ both ways
LARGEST = 1_048_576  # bytes of a body; more is answered 413
PATIENCE = 10  # s for a body to come in; then 408
ID = re.compile(r"[!-\-/-~]{1,256}")  # no dot: the signed text is "id.timestamp.body"
log = logging.getLogger("receiver")


class Refused(Exception):
    """Not from the sender, or not from now; the reason is for the log and not for the caller."""


def verify(headers: Iterable[tuple[str, str]], body: bytes, now: float) -> str:
    """The id of an event that one of SECRETS has signed, at most TOLERANCE ago. Raises Refused."""
    pairs = [(name.lower(), value) for name, value in headers]
    event, sent, signatures = (
        _single(pairs, f"webhook-{name}") for name in ("id", "timestamp", "signature")
    )
    if not ID.fullmatch(event) or not re.fullmatch("[0-9]{1,12}", sent):
        raise Refused("id or timestamp is not of its form")
    if abs(now - int(sent)) > TOLERANCE:
        raise Refused(f"sent {now - int(sent):.0f} s ago by our clock")
    signed = f"{event}.{sent}.".encode() + body
    for secret in SECRETS:
        digest = hmac.digest(b64decode(secret.removeprefix("whsec_")), signed, "sha256")
        expected = b"v1," + b64encode(digest)
        for one in signatures.split(" "):
            # takes as long wherever the first difference is
            if hmac.compare_digest(one.encode("utf-8", "surrogateescape"), expected):
                return event
    raise Refused("none of the signatures is by a secret of ours")


def _single(pairs: list[tuple[str, str]], name: str) -> str:
    found = [value for key, value in pairs if key == name]
    if len(found) != 1:
        raise Refused(f"{name} is there {len(found)} times")
    return found[0]


class Inbox:
    """Events that were kept before they were answered, in SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite:")
        self.transaction = _sqlite(url.removeprefix("sqlite:")) if sqlite else _postgresql(url)
        file = Path(__file__).with_name("sqlite.sql" if sqlite else "postgresql.sql")
        parts = re.split(r"-- name: (\w+)\n", file.read_text())
        self.sql = dict(zip(parts[1::2], parts[2::2], strict=True))
        with self.transaction() as db:
            for statement in self.sql["schema"].split(";\n"):
                db.execute(statement)

    def keep(self, event: str, body: bytes) -> bool:
        """Whether the event is here, once, with this very body; False: it came with another."""
        with self.transaction() as db:
            db.execute(self.sql["keep"], (event, body))
            (kept,) = db.execute(self.sql["kept"], (event,)).fetchone()
            return bool(kept == body)

    def work_on_next(self) -> bool:
        """Whether an event was waiting: effect and mark are both there then, or neither is."""
        taken = None
        try:
            with self.transaction() as db:
                if taken := db.execute(self.sql["take"]).fetchone():
                    work(self, db, *taken)
                    db.execute(self.sql["done"], (taken[0],))
        except Exception:
            if taken is None:
                raise
            log.exception("%s is put off", taken[0])
            with self.transaction() as db:
                db.execute(self.sql["failed"], (taken[0],))
        return taken is not None

    def effects(self) -> dict[str, int]:
        """How often each event took effect."""
        with self.transaction() as db:
            return dict(db.execute(self.sql["effects"]).fetchall())


def work(inbox: Inbox, db: Any, event: str, body: bytes) -> None:
    """Yours: what an event means. All through `db`, so that it happens together with the mark.

    To call somebody else, hand `event` along as the idempotency key: a crash repeats the call.
    An event of a type that you do not know is done when you return.
    """
    db.execute(inbox.sql["effect"], (event, str(json.loads(body)["type"])))


def _sqlite(file: str) -> Callable[[], AbstractContextManager[Any]]:
    @contextmanager
    def transaction() -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db

    return transaction


def _postgresql(url: str) -> Callable[[], AbstractContextManager[Any]]:
    from psycopg import RawCursor
    from psycopg_pool import ConnectionPool

    options = {"cursor_factory": RawCursor}  # takes $1 as PostgreSQL does
    return ConnectionPool(
        url, min_size=1, max_size=8, timeout=5, open=True, kwargs=options,
        check=ConnectionPool.check_connection,
    ).connection  # fmt: skip


def answer(inbox: Inbox, headers: Iterable[tuple[str, str]], body: bytes) -> int:
    """The status to answer: 200 once the event is kept, and not before."""
    try:
        event = verify(headers, body, time.time())
    except Refused as refused:
        log.warning("401: %s", refused)
        return 401
    try:
        if inbox.keep(event, body):
            return 200
    except Exception:
        log.exception("503: %s is not kept", event)
        return 503
    log.error("409: %s came again with another body", event)
    return 409


async def worker(inbox: Inbox, woken: asyncio.Event) -> None:
    """Works for ever: at once when woken, and each second on what was put off or left behind."""
    while True:
        woken.clear()
        try:
            while await asyncio.to_thread(inbox.work_on_next):
                pass
        except Exception:
            log.exception("the inbox is out of reach")
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), 1)


# --- the same in every framework, to here --------------------------------------------------------


def application(inbox: Inbox) -> FastAPI:
    """The receiver at /hook, and a worker beside it."""
    woken = asyncio.Event()

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(worker(inbox, woken))
        yield
        task.cancel()

    app = FastAPI(lifespan=working, openapi_url=None)

    @app.post("/hook")
    async def receive(request: Request) -> Response:
        try:
            body = await asyncio.wait_for(_bytes(request), PATIENCE)
        except TimeoutError:
            return Response(status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody hears
        if body is None:
            return Response(status_code=413)
        status = await asyncio.to_thread(answer, inbox, request.headers.items(), body)
        woken.set()
        return Response(status_code=status)

    return app


async def _bytes(request: Request) -> bytes | None:
    """The body as it came; None as soon as it is larger than LARGEST."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)


def main() -> None:
    """Serve on a port of this machine, or print the effects."""
    logging.basicConfig(level=logging.WARNING)
    inbox = Inbox(DATABASE)
    if sys.argv[1:] == ["effects"]:
        print(json.dumps(inbox.effects()))
    else:
        app = application(inbox)
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
