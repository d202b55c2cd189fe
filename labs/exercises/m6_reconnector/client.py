"""What a reconnector is given: a way to connect, and one line that outlives its connections.

`bidder` runs the learner's code and dials; `auction` follows a script: how long it keeps each
connection, and with which code it ends it. Every attempt is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from labs.exercises.asked import made
from labs.exercises.line import End, accepted, dialled
from labs.exercises.scenario import Stage
from labs.websocket import close
from labs.websocket.close import Close
from labs.websocket.frames import Opcode

ABNORMAL = 1006  # what an end without a close frame is reported as; it never travels
ENOUGH = 14  # attempts after which nothing is learnt from one more


class Near(Random):
    """A random source that draws the same every time: near the top, or near 0."""

    def __init__(self, draw: float) -> None:
        super().__init__(0)
        self.draw = draw

    def random(self) -> float:
        """The draw, as a share of what is possible."""
        return self.draw


@dataclass(slots=True)
class Attempt:
    """One call of `connect`: when it began, whether a line came of it, when and how that ended."""

    began: float
    opened: float | None = None
    over: float | None = None  # when it failed, or when its line ended
    code: int | None = None  # with which the line ended


@dataclass(slots=True)
class Watched:
    """A reconnector from its first attempt on."""

    base: float
    cap: float
    attempts: list[Attempt] = field(default_factory=list)
    most: int = 0  # lines that were open at one time
    shown: list[str] = field(default_factory=list)  # messages that the handler saw
    called: list[float] = field(default_factory=list)  # when online() was called
    returned: float | None = None  # when run() came back

    def waits(self) -> list[float]:
        """The seconds between the end of each attempt and the beginning of the next."""
        pairs = zip(self.attempts, self.attempts[1:], strict=False)
        return [after.began - before.over for before, after in pairs if before.over is not None]

    def ceiling(self, failures: int) -> float:
        """The longest wait after so many failures."""
        return float(min(self.cap, self.base * 2**failures))


class Line:
    """What `connect` returns: always the same, with the handlers that it was given once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.handlers: list[Callable[[str], Any]] = []
        self.end: asyncio.Future[int] | None = None

    def on_message(self, handler: Callable[[str], Any]) -> None:
        """Call `handler` with the text of each message from now on."""
        if not callable(handler):
            raise TypeError(f"a handler is a function, not {type(handler).__name__}")
        self.handlers.append(handler)

    async def wait_closed(self) -> int:
        """The close code, once the line has ended."""
        if self.end is None:
            raise RuntimeError("this line was never open: connect() first")
        return await asyncio.shield(self.end)

    async def show(self, text: str) -> None:
        """Hand a message to every handler."""
        for handler in list(self.handlers):
            await self.stage.call(handler, text)


@dataclass(frozen=True, slots=True)
class Keeps:
    """How auction treats a connection: what it says, how long it keeps it, how it ends it."""

    seconds: float | None  # None: for as long as the run lasts
    code: int = 1000
    says: tuple[str, ...] = ()


class Bidder:
    """One client with the learner's reconnector in it, and the auction that it dials."""

    def __init__(self, stage: Stage, watched: Watched, rng: Random, enough: int = ENOUGH) -> None:
        self.stage, self.world, self.watched, self.rng = stage, stage.world, watched, rng
        self.most = enough
        self.line = Line(stage)
        self.open = 0
        self.enough = asyncio.Event()
        self.reconnector: Any = None

    async def start(self) -> Watched:
        """Makes the reconnector and lets it run."""
        watched = self.watched
        given = (self.connect, self.stage.clock, self.rng, watched.base, watched.cap, self.see)
        self.reconnector = await made(self.stage, "Reconnector", *given, run=(), online=())
        self.stage.play(self._run(), "bidder")
        return watched

    async def until(self, seconds: float) -> Watched:
        """What was seen until so many seconds from now, or until there are enough attempts.

        It is a copy: what code does when the end of the run cancels it is not judged.
        """
        await asyncio.wait([asyncio.ensure_future(self.enough.wait())], timeout=seconds)
        return deepcopy(self.watched)

    async def online(self) -> None:
        """The device says that it has a network again."""
        self.watched.called.append(self.world.now)
        self.world.note("is online again", "bidder")
        await self.stage.call(self.reconnector.online)

    async def connect(self) -> Line:
        """Opens the line. Raises OSError."""
        watched = self.watched
        watched.attempts.append(attempt := Attempt(self.world.now))
        if len(watched.attempts) > self.most:
            self.enough.set()
            await asyncio.sleep(self.world.now + 3_600)
        try:
            end = await dialled("auction", self.stage.rng)
        except (OSError, asyncio.CancelledError):
            attempt.over = self.world.now
            raise
        attempt.opened = self.world.now
        self.open += 1
        watched.most = max(watched.most, self.open)
        self.line.end = asyncio.get_running_loop().create_future()
        self.stage.play(self._read(end, attempt, self.line.end), "bidder")
        return self.line

    def see(self, text: str) -> None:
        """The handler: what is shown to whoever looks at the page."""
        self.watched.shown.append(text)

    async def _run(self) -> None:
        await self.stage.call(self.reconnector.run)
        self.watched.returned = self.world.now

    async def _read(self, end: End, attempt: Attempt, ended: asyncio.Future[int]) -> None:
        code = ABNORMAL
        async for frame in end.frames():
            if frame.opcode is Opcode.TEXT:
                await self.line.show(frame.payload.decode())
            elif frame.opcode is Opcode.CLOSE:
                code = close.parse(frame.payload).code or 1005
                end.send(Opcode.CLOSE, frame.payload)
                break
        end.writer.close()
        self.open -= 1
        attempt.over, attempt.code = self.world.now, code
        ended.set_result(code)


async def auction(stage: Stage, script: Iterable[Keeps]) -> asyncio.Server:
    """The server: it treats one connection after the other as the script says, the rest kindly."""
    plan = iter(script)

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        end, keeps = await accepted(reader, writer, stage.rng), next(plan, Keeps(None))
        if end is None:
            return
        for text in keeps.says:
            end.say(text)
        if keeps.seconds is None:
            await reader.read()  # whoever forgets a writer closes it, from Python 3.13 on
        else:
            await asyncio.sleep(keeps.seconds)
            if keeps.code != ABNORMAL:
                end.send(Opcode.CLOSE, close.serialize(Close(keeps.code)))
        writer.close()

    with stage.world.host("auction"):
        return await asyncio.start_server(attend, "auction", 80)
