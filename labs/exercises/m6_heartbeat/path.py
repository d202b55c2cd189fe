"""What a heartbeat is put on: a line that notes each call, the reader beside it, the other end.

`auction` runs the learner's heartbeat. `bidder` answers its pings, or does not; a `proxy` may
stand between them and cut what has been silent for too long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from labs.exercises.asked import made
from labs.exercises.line import End, accepted, dialled
from labs.exercises.scenario import Stage
from labs.websocket import close
from labs.websocket.close import Close
from labs.websocket.frames import Opcode

PATIENCE = 1.0  # seconds for which the reader waits for `pong` and `message`

Answers = Callable[[End, bytes], None]  # what bidder does when a ping arrives


@dataclass(frozen=True, slots=True)
class At:
    """A call of the heartbeat, or a call to it: when, and with what."""

    time: float
    what: Any


@dataclass(slots=True)
class Watched:
    """One heartbeat on one line, from the open to the end of what is judged."""

    interval: float
    timeout: float
    idle: float | None = None
    opened: float = 0.0
    closed: float | None = None  # when the line was no longer open, whoever closed it
    pings: list[At] = field(default_factory=list)
    closes: list[At] = field(default_factory=list)
    too_late: list[At] = field(default_factory=list)  # calls on a line that was not open any more
    held_up: list[At] = field(default_factory=list)  # calls that kept the reader waiting
    returned: float | None = None  # when run() came back
    left: int = 0  # tasks that outlived it


class Sent:
    """What `ping` and `close` give back: nothing to wait for, and no harm in waiting."""

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield


@dataclass(slots=True)
class Line:
    """The line in the learner's hands: `ping`, `close`, `open`. Every call is written down."""

    end: End
    world: Any
    watched: Watched

    @property
    def open(self) -> bool:
        """Is it open, as far as this end knows?"""
        return self.watched.closed is None

    def ping(self, payload: bytes) -> Sent:
        """Send a ping with this payload of up to 125 bytes."""
        if not isinstance(payload, bytes | bytearray):
            raise TypeError(f"the payload of a ping is bytes, not {type(payload).__name__}")
        if len(payload) > 125:
            raise ValueError(f"a ping carries 125 bytes at most, not {len(payload)}")
        if self._alive(f"ping({bytes(payload)!r})"):
            self.watched.pings.append(At(self.world.now, bytes(payload)))
            self.end.send(Opcode.PING, bytes(payload))
        return Sent()

    def close(self, code: Any = 1000) -> Sent:
        """Send a close frame; from now on the line is not open."""
        if self._alive(f"close({code})"):
            self.watched.closes.append(At(self.world.now, code))
            self.watched.closed = self.world.now
            travels = isinstance(code, int) and close.may_travel(code)
            self.end.send(Opcode.CLOSE, close.serialize(Close(code if travels else None)))
        return Sent()

    def _alive(self, call: str) -> bool:
        if not self.open:
            self.watched.too_late.append(At(self.world.now, call))
            self.world.note(f"calls {call}, and the line is not open", "auction")
        return self.open


class Auction:
    """The machine on which the heartbeat runs, and the bidder who dials in."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.world = stage, stage.world
        self.accepted: asyncio.Queue[End] = asyncio.Queue()
        self.listening: asyncio.Server | None = None
        self.bidder: End | None = None
        self.bidder_left = False
        self.before: set[Any] = set()
        self.ours: set[Any] = set()

    async def watch(self, watched: Watched, answers: Answers, through: str = "auction") -> Watched:
        """Lets bidder open a line, and starts the learner's heartbeat and the reader on it."""
        if self.listening is None:
            self.listening = await asyncio.start_server(self._attend, "auction", 80)
        self._on_bidder(self._bid, answers, through)
        line = Line(await self.accepted.get(), self.world, watched)
        watched.opened = self.world.now
        given = [watched.interval, watched.timeout] + ([watched.idle] if watched.idle else [])
        methods = {"run": (), "pong": (b"",), "message": ("",)}
        heartbeat = await made(self.stage, "Heartbeat", line, self.stage.clock, *given, **methods)
        self.before = asyncio.all_tasks()
        self.ours.add(self.stage.play(self._run(heartbeat, watched), "auction"))
        self.ours.add(self.stage.play(self._read(heartbeat, line), "auction"))
        return watched

    def talk(self, every: float) -> None:
        """From now on bidder says something every so many seconds."""
        self._on_bidder(self._say, every, lambda end, number: end.say(f"bid {number}"))

    def repeat(self, payload: bytes, every: float) -> None:
        """From now on bidder sends the same pong every so many seconds."""
        self._on_bidder(self._say, every, lambda end, _: end.send(Opcode.PONG, payload))

    def pong(self, payload: bytes) -> None:
        """Bidder sends a pong."""
        if self.bidder is not None:
            self.bidder.send(Opcode.PONG, payload)

    def leave(self) -> None:
        """Bidder closes the line: its work is done."""
        self.bidder_left = True
        if self.bidder is not None:
            self.bidder.send(Opcode.CLOSE, close.serialize(Close(1000)))

    def settle(self, watched: Watched) -> Watched:
        """What was seen until now, and how many tasks the heartbeat has left behind.

        It is a copy: what code does when the end of the run cancels it is not judged.
        """
        watched.left = len(asyncio.all_tasks() - self.before - self.ours)
        return deepcopy(watched)

    def _on_bidder(self, program: Callable[..., Any], *args: Any) -> None:
        self.ours.add(self.world.host("bidder").start(program, *args))

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        end = await accepted(reader, writer, self.stage.rng)
        if end is not None:
            self.accepted.put_nowait(end)

    async def _run(self, heartbeat: Any, watched: Watched) -> None:
        await self.stage.call(heartbeat.run)
        watched.returned = self.world.now

    async def _read(self, heartbeat: Any, line: Line) -> None:
        async for frame in line.end.frames():
            if frame.opcode is Opcode.PONG:
                await self._tell(line.watched, heartbeat.pong, frame.payload)
            elif frame.opcode is Opcode.TEXT:
                await self._tell(line.watched, heartbeat.message, frame.payload.decode())
            elif frame.opcode is Opcode.CLOSE:
                if line.open:
                    line.end.send(Opcode.CLOSE, frame.payload)
                break
        if line.open:
            line.watched.closed = self.world.now
        line.end.writer.close()

    async def _tell(self, watched: Watched, function: Callable[..., Any], what: Any) -> None:
        telling = asyncio.ensure_future(self.stage.call(function, what))
        self.ours.add(telling)
        began = self.world.now
        if not (await asyncio.wait({telling}, timeout=PATIENCE))[0]:
            watched.held_up.append(At(began, function.__name__))
        await telling

    async def _bid(self, answers: Answers, through: str) -> None:
        self.bidder = end = await dialled(through, self.stage.rng)
        self.bidder_left = False
        async for frame in end.frames():
            if frame.opcode is Opcode.PING:
                answers(end, frame.payload)
            elif frame.opcode is Opcode.CLOSE:
                if not self.bidder_left:
                    end.send(Opcode.CLOSE, frame.payload)
                break
        end.writer.close()

    async def _say(self, every: float, say: Callable[[End, int], None]) -> None:
        number = 0
        while self.bidder is None or not self.bidder.writer.is_closing():
            await asyncio.sleep(every)
            if self.bidder is not None:
                number += 1
                say(self.bidder, number)


class Proxy:
    """A box on the path that passes everything on, and cuts a line that is silent for `idle`."""

    def __init__(self, world: Any, idle: float) -> None:
        self.world, self.idle = world, idle
        self.cut_at: float | None = None

    async def serve(self) -> None:
        """Wait for connections on port 80, and pass each on to auction."""
        await asyncio.start_server(self._pass_on, "proxy", 80)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("auction", 80)
        heard = asyncio.Event()
        pumps = {
            asyncio.ensure_future(_pump(reader, far_writer, heard)),
            asyncio.ensure_future(_pump(far_reader, writer, heard)),
        }
        while not any(pump.done() for pump in pumps):
            heard.clear()
            listening = asyncio.ensure_future(heard.wait())
            done, _ = await asyncio.wait({listening, *pumps}, timeout=self.idle, return_when=FIRST)
            listening.cancel()
            if not done:
                self.cut_at = self.world.now
                self.world.note(f"silent for {self.idle:g} s: closes both sides", "proxy")
                break
        for each in (writer, far_writer):
            each.close()


FIRST = asyncio.FIRST_COMPLETED


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: asyncio.Event
) -> None:
    while chunk := await reader.read(65_536):
        heard.set()
        writer.write(chunk)
