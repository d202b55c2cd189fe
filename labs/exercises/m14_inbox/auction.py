"""The receiver: processes that run the learner's code over one file, and a bank that delivers.

Wired, everything crosses the network and can be seen. Unwired, the same calls are made directly
and the clock is put forward instead of waited for: that is for trying many crash points quickly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from labs.exercises.asked import fits
from labs.exercises.crash import Killed, Process
from labs.exercises.faults import NotAsked
from labs.exercises.m14_inbox import database
from labs.exercises.m14_inbox.database import Step
from labs.exercises.m14_inbox.event import Event
from labs.exercises.m14_inbox.gateway import Gateway, Line, message, request
from labs.exercises.m14_inbox.process import Answer, Inbox
from labs.exercises.scenario import Clock, Stage

SHORT = 44  # letters of a statement that are shown
PATIENCE = 150.0  # seconds that the bank waits for an answer


@dataclass(slots=True)
class PutForward(Clock):
    """A clock that goes with the world's and can be put forward."""

    ahead: float = 0.0

    def time(self) -> float:
        """Seconds since the run began, and those by which it was put forward."""
        return float(self.world.now) + self.ahead


@dataclass(slots=True)
class Auction:
    """Its file, its processes by port, and the gateway that they call."""

    stage: Stage
    path: str
    wired: bool
    died: asyncio.Event = field(default_factory=asyncio.Event)
    lives: list[Process] = field(default_factory=list)  # for the processes to come
    inboxes: dict[int, Inbox] = field(default_factory=dict)
    started: list[Inbox] = field(default_factory=list)
    servers: list[asyncio.Server] = field(default_factory=list)
    over: bool = False
    clock: PutForward = field(init=False)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.clock = PutForward(self.stage.world)
        self.gateway = Gateway(self.clock.time)
        database.create(self.path)

    async def sleep(self, seconds: float) -> None:
        """Wait; unwired, the clock is put forward."""
        if self.wired:
            await asyncio.sleep(seconds)
        else:
            self.clock.ahead += seconds

    async def open(self, *ports: int, steps: Step | None = None) -> None:
        """Start a process for each port, and the gateway."""
        if not self.wired:
            for port in ports:
                self.inboxes[port] = await self.process(steps)
            return
        self.stage.world.host("gateway").start(self._serve_gateway)
        for port in ports:
            self.stage.world.host("auction").start(self._serve, port)
        asyncio.create_task(self._bury(), name="fate")  # noqa: RUF006 - it lasts as long as the run
        await asyncio.sleep(0.05)

    async def process(self, steps: Step | None = None) -> Inbox:
        """One process: the learner's definitions executed afresh, a connection of its own."""
        db = database.connect(self.path)
        life = self.lives.pop(0) if self.lives else Process()
        self.started.append(inbox := Inbox(self.stage, life, db))
        step = steps or partial(self._step, life)
        line = Line(self.gateway, step, self.wired)
        inbox.made = await self.stage.call(self.stage.fresh().Inbox, db, line, self.clock)
        db.step = step
        return inbox

    async def post(self, event: Event, port: int = 80) -> Answer:
        """Deliver an event, with the moment of delivery as its timestamp."""
        return await self.repost(event.at(self.clock.time()), port)

    async def repost(self, event: Event, port: int = 80) -> Answer:
        """Deliver an event with the timestamp that it has."""
        if not self.wired:
            return await self._until_death(self.inboxes[port].answer(event))
        line = b""
        fields = {"webhook-id": event.id, "webhook-timestamp": f"{event.timestamp:.3f}"}
        try:
            reader, writer = await asyncio.open_connection("auction", port)
        except ConnectionError:
            return Answer(None)
        try:
            writer.write(request(f"/{event.provider}", "auction", event.body, **fields))
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
        except (ConnectionError, TimeoutError):
            pass  # the process died with the connection, or is as good as dead
        finally:
            writer.close()
        status, _, why = line.decode().strip().partition(" ")[2].partition(" ")
        return Answer(int(status), why.partition(": ")[2]) if line else Answer(None)

    async def restart(self, port: int = 80) -> None:
        """End the process and start another over the same file."""
        for inbox in self.started:
            inbox.end()
        if self.wired:
            self.stage.world.host("auction").restart()
            await asyncio.sleep(0.05)
        else:
            self.died.clear()
            self.inboxes[port] = await self.process()

    def close(self) -> None:
        """End every process, and free the ports."""
        self.over = True
        for inbox in self.started:
            inbox.end()
        for server in self.servers:
            server.close()

    def balance(self, event: Event) -> Any:
        """What another connection sees of the balance of the event's bidder."""
        bidder = event.data["bidder"]
        return database.read(self.path, "SELECT amount FROM balances WHERE bidder = ?", bidder)

    def price(self, lot: int = 7) -> Any:
        """The price of a lot; None where there is none, or it was deleted."""
        return database.read(self.path, "SELECT price FROM lots WHERE lot = ?", lot)

    async def _serve_gateway(self) -> None:
        self.servers.append(await asyncio.start_server(self.gateway.on_call, "gateway", 443))

    async def _serve(self, port: int) -> None:
        if self.over:  # the machine was started again, for another one
            return
        self.inboxes[port] = inbox = await self.process()
        on_delivery = partial(self._on_delivery, inbox)
        self.servers.append(await asyncio.start_server(on_delivery, "auction", port))

    async def _on_delivery(
        self, inbox: Inbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        fields, body = await message(reader)
        event_id, sent = fields["webhook-id"], float(fields["webhook-timestamp"])
        answer = await inbox.answer(Event(fields[":path"][1:], event_id, body, sent))
        if answer.status is None:
            self.died.set()
            await asyncio.Event().wait()  # until the machine is buried
        phrase = next((each.phrase for each in HTTPStatus if each == answer.status), "Unknown")
        why = f": {' '.join(answer.why.split())}" if answer.why else ""
        line = f"HTTP/1.1 {answer.status} {phrase}{why}\r\n"
        writer.write(line.encode() + b"Content-Length: 0\r\n\r\n")
        writer.close()

    async def _bury(self) -> None:
        await self.died.wait()
        await asyncio.sleep(0.001)  # so that what it last did stands before this in the picture
        self.stage.world.host("auction").restart()

    async def _until_death(self, handling: Coroutine[Any, Any, Answer]) -> Answer:
        answering = asyncio.create_task(handling)
        dying = asyncio.create_task(self.died.wait())
        both = {answering, dying}
        await asyncio.wait(both, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if answering.done():
            return answering.result()
        answering.cancel()
        return Answer(None)

    def _step(self, life: Process, statement: str) -> None:
        alive = not life.dead
        noted = self.wired and alive and life.dies_at
        try:
            life.step(statement)
        except Killed:
            if noted:
                self.stage.world.note(f"killed before: {short(statement)}", "auction")
            if alive:
                self.died.set()
            raise
        if noted:
            self.stage.world.note(short(statement), "auction")


@contextmanager
def auction(stage: Stage, *events: Event, file: str = "", wired: bool = True) -> Iterator[Auction]:
    """An auction with a new file, in which the bidders of these events have a balance."""
    kind = stage.given.Inbox
    fits(kind, "Inbox", "db", "gateway", "clock")
    if not hasattr(kind, "handle"):
        raise NotAsked("`Inbox` has no method `handle`")
    fits(kind.handle, "Inbox.handle", "self", "event")
    with nullcontext("") if file else TemporaryDirectory() as folder:
        place = Auction(stage, file or str(Path(folder) / "auction.db"), wired)
        database.add_bidders(place.path, *(event.data["bidder"] for event in events))
        try:
            yield place
        finally:
            place.close()


def short(statement: str) -> str:
    """The beginning of a statement."""
    return statement if len(statement) <= SHORT else f"{statement[: SHORT - 2]} …"
