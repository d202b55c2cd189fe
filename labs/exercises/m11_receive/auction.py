"""The receiver's machine and what outlives it: store, queue and worker.

A process of the learner's code may be told to die before its n-th step; the machine then starts
again with nothing in its memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from labs.errors import EnvelopeError, InvalidSignature
from labs.exercises.m11_receive.body import Body
from labs.exercises.m11_receive.delivery import SECRET
from labs.exercises.scenario import Stage
from labs.webhook.envelope import Envelope, event

KEEPS, QUEUES, WORKS = 0.2, 0.1, 8.0  # seconds
BEFORE_ANSWER = "answers"
RAISED = (ConnectionError, InvalidSignature, EnvelopeError)  # a web server makes a 500 of them


@dataclass(slots=True)
class Place:
    """The store or the queue: reached in a while, or not at all."""

    auction: Auction
    name: str
    seconds: float
    down: bool = False

    async def reach(self, says: str) -> None:
        """Returns when the effect takes place. Raises ConnectionError while it is down."""
        await self.auction.step(says)
        await asyncio.sleep(self.seconds)
        if self.down:
            self.auction.stage.world.note(f"the {self.name} is down", "auction")
            raise ConnectionError(f"the {self.name} cannot be reached")
        self.auction.stage.world.note(says, "auction")


@dataclass(slots=True)
class Store(Place):
    """Bodies by the id of their event; what it has taken, no crash takes from it."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    aside: dict[str, bytes] = field(default_factory=dict)

    async def keep(self, id: str, body: bytes) -> bool:  # noqa: A002 - the envelope's own word
        """Keep a body for the worker; False when the id is known."""
        await self.reach(f"keeps {_named(id, body)}")
        new = id not in self.bodies
        self.bodies.setdefault(id, bytes(body))
        return new

    async def set_aside(self, id: str, body: bytes, why: str) -> None:  # noqa: A002
        """Keep a body for somebody to look at."""
        await self.reach(f"sets {_named(id, body)} aside")
        self.aside[id] = bytes(body)


@dataclass(slots=True)
class Queue(Place):
    """Ids for the worker, in the order in which they came."""

    came: list[str] = field(default_factory=list)
    waiting: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def put(self, id: str) -> None:  # noqa: A002
        """Hand an id to the worker."""
        await self.reach(f"queues {_named(id)}")
        self.came.append(id)
        self.waiting.put_nowait(id)


@dataclass(slots=True)
class Request:
    """What the learner's code is given."""

    method: str
    headers: Mapping[str, str]
    body: Body
    app: Auction


@dataclass(slots=True)
class Auction:
    """The machine; learners see it as `request.app`."""

    stage: Stage
    dies_at: int | None = None
    secret: str = SECRET
    store: Store = field(init=False)
    queue: Queue = field(init=False)
    done: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # the worker could not read them as events
    missing: list[str] = field(default_factory=list)  # queued, and not in the store
    own_work: list[str] = field(default_factory=list)  # ids that the receiver worked on
    logged: list[str] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    steps: int = 0
    died: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.store = Store(self, "store", KEEPS)
        self.queue = Queue(self, "queue", QUEUES)

    @property
    def clock(self) -> Any:
        """`time()` in seconds since 1970, on the world's clock."""
        return time

    def log(self, *words: object) -> None:
        """Write a line that anybody may read."""
        self.logged.append(" ".join(map(str, words)))

    async def work(self, id: str, body: bytes) -> None:  # noqa: A002
        """Eight seconds of work. The worker calls it; whoever else does has not left it to him."""
        await self.step(f"works on {_named(id, body)} itself")
        self.stage.world.note(f"works on {id} itself", "auction")
        self.own_work.append(id)
        await asyncio.sleep(WORKS)
        self.done.append(id)

    async def open(self) -> None:
        """Start the receiver, the worker, and whoever starts the receiver again."""
        self.stage.world.host("auction").start(self._serve)
        self.stage.world.host("worker").start(self._worker)
        if self.dies_at is not None:
            asyncio.create_task(self._bury(), name="fate")  # noqa: RUF006 - as long as the run
        await asyncio.sleep(0.05)

    async def step(self, says: str) -> None:
        """Returns while the process lives; at the step where it dies it never does."""
        self.steps += 1
        if self.steps == self.dies_at:
            self.stage.world.note(f"killed before: {says}", "auction")
            self.died.set()
            await asyncio.Event().wait()

    def kill(self) -> None:
        """End the process as `kill -9` does, and start it again."""
        self.stage.world.host("auction").restart()

    async def _bury(self) -> None:
        await self.died.wait()
        self.kill()

    async def _serve(self) -> None:
        receive = self.stage.fresh().receive

        async def on_call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._answer(receive, reader, writer)
            writer.close()

        await asyncio.start_server(on_call, "auction", 80)

    async def _answer(
        self, receive: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        self.bodies.append(body := Body(reader, headers))
        status, why = await self._status(receive, Request(first.split()[0], headers, body, self))
        await self.step(BEFORE_ANSWER)
        line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}{why and f': {why}'}\r\n"
        writer.write(line.encode() + b"Content-Length: 0\r\nConnection: close\r\n\r\n")

    async def _status(self, receive: Any, request: Request) -> tuple[int, str]:
        try:
            value = await self.stage.call(receive, request, expect=RAISED)
        except RAISED as error:
            return 500, f"{type(error).__name__} was raised"
        except Exception:  # noqa: BLE001 - it has been told, and the scenario ends
            await asyncio.Event().wait()
        if isinstance(value, int) and value in HTTPStatus._value2member_map_ and value is not True:
            return int(value), ""
        self.stage.report("no_status", f"for {request.method} `receive` returned {value!r}")
        return 500, ""

    async def _worker(self) -> None:
        while True:
            name = await self.queue.waiting.get()
            if (body := self.store.bodies.get(name)) is None:
                self.missing.append(name)
                self.stage.world.note(f"finds no {name} in the store", "worker")
                continue
            try:
                event(Envelope(name, 0, body))
            except EnvelopeError:
                self.unread.append(name)
                self.stage.world.note(f"cannot read {name}", "worker")
                continue
            if name not in self.done:
                self.stage.world.note(f"works on {name}", "worker")
                await asyncio.sleep(WORKS)
                self.done.append(name)


def _named(id: object, body: object = b"") -> str:  # noqa: A002
    """The id, when both are of the kind that is asked for. Raises TypeError."""
    if not isinstance(id, str) or not isinstance(body, bytes | bytearray | memoryview):
        kinds = f"{type(id).__name__} and {type(body).__name__}"
        raise TypeError(f"an id is a str and a body is bytes; these are {kinds}")
    return id
