"""The server that `poll` asks, the `fetch` that it is given, and the page that reads from it.

A `Plot` says what `auction` has to say from which second on, and what happens to the page. What
came of it stands in a `Story`; all of its times are seconds of the run, as in the picture.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from labs.exercises.scenario import Stage
from labs.stream.conditional import EntityTag, status

INTERVAL = 5.0  # seconds
MANY = 60  # requests; nobody who keeps the contract comes near


@dataclass(frozen=True, slots=True)
class State:
    """What `auction` says to a request that arrives `since` seconds after the page opened."""

    since: float
    body: bytes
    tag: str = ""
    status: int = 200
    retry_after: str = ""
    takes: float = 0.4  # seconds until it answers


@dataclass(frozen=True, slots=True)
class Plot:
    """The states in their order, and what else happens, in seconds after the page opened."""

    states: tuple[State, ...]
    length: float = 31.0
    refused: tuple[float, float] | None = None  # auction refuses connections meanwhile
    stopped: float | None = None
    cancelled: float | None = None
    dawdles: float = 0.0  # how long the page is busy with each body


@dataclass(frozen=True, slots=True)
class Answer:
    """What `fetch` returns."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Fetch:
    """One call of `fetch`: when, with which fields, and what came of it."""

    time: float
    headers: dict[str, str]
    done: float | None = None
    answer: Answer | None = None  # None as well where it failed
    abandoned: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A body that `poll` yielded."""

    time: float
    body: Any


@dataclass(slots=True)
class Story:
    """Everything that the page did; `ended` is when `poll` came to its end, if it did."""

    opened: float
    fetches: list[Fetch] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    ended: float | None = None
    failed: float | None = None  # an OSError of `fetch` came out of `poll`
    cancelled: bool = False  # a cancellation went through
    odd: str = ""  # what `poll(...)` returned, where it cannot be iterated over
    tasks: int = 0  # that `poll` had started, and that were there when the run was over
    left: int = 0  # the same, just after `poll` had ended
    over: bool = False  # what the world does to end the run is no part of it


async def play(stage: Stage, plot: Plot) -> Story:
    """The story of one page; it takes `plot.length` seconds whatever the page does."""
    loop, world = asyncio.get_running_loop(), stage.world
    await asyncio.start_server(_Auction(stage, plot).attend, "auction", 80)
    await asyncio.sleep(round(stage.rng.uniform(0.5, 4.5), 1))
    story, stop = Story(world.now), asyncio.Event()
    if plot.stopped == 0:
        _stop(stage, stop)
    elif plot.stopped is not None:
        loop.call_later(plot.stopped, _stop, stage, stop)
    if plot.refused is not None:
        for second, change in zip(plot.refused, (world.refuse, world.accept), strict=True):
            loop.call_later(second, change, "auction")
    await asyncio.sleep(0)
    before = asyncio.all_tasks()
    page = stage.play(_Page(stage, plot, story, before).read(stop), "bidder")
    if plot.cancelled is not None:
        loop.call_later(plot.cancelled, _cancel, stage, page)
    await asyncio.sleep(plot.length)
    story.tasks = _started(before | {page})
    story.over = True
    return story


@dataclass(slots=True)
class _Page:
    """The browser's side: it shows each body that `poll` yields."""

    stage: Stage
    plot: Plot
    story: Story
    before: set[asyncio.Task[Any]]  # the tasks that are none of its own

    async def read(self, stop: asyncio.Event) -> None:
        """Iterates over `poll` until it ends."""
        story = self.story
        bodies = self.stage.given.poll(self.fetch, self.stage.clock, INTERVAL, stop)
        if not hasattr(bodies, "__aiter__"):
            story.odd = _named(bodies)
            return
        try:
            async for body in bodies:
                story.shown.append(Shown(self.stage.world.now, body))
                self.stage.world.note(f"shows {_spoken(body)}")
                await asyncio.sleep(self.plot.dawdles)
        except OSError:
            story.failed = self.stage.world.now
        except asyncio.CancelledError:
            story.cancelled = not story.over
            raise
        finally:
            if not story.over:
                story.ended = self.stage.world.now
                asyncio.get_running_loop().call_later(0.1, self._look_round)

    async def fetch(self, headers: Mapping[str, Any] | None = None) -> Answer:
        """What `poll` is given. Raises OSError."""
        fields = {name: value for name, value in (headers or {}).items() if value is not None}
        asked = Fetch(self.stage.world.now, fields)
        self.story.fetches += [] if self.story.over else [asked]
        if self.story.over or len(self.story.fetches) > MANY:
            await asyncio.Event().wait()  # enough was seen
        try:
            asked.answer = await _ask(asked.headers)
        except asyncio.CancelledError:
            asked.abandoned = not self.story.over
            raise
        finally:
            asked.done = None if self.story.over else self.stage.world.now
        return asked.answer

    def _look_round(self) -> None:
        self.story.left = _started(self.before)


def _started(others: set[asyncio.Task[Any]]) -> int:
    """How many tasks there are besides these and those that answer requests."""
    tasks = asyncio.all_tasks() - others
    return sum("attend" not in getattr(each.get_coro(), "__qualname__", "") for each in tasks)


async def _ask(headers: Mapping[str, str]) -> Answer:
    """One request on a connection of its own. Raises OSError."""
    await asyncio.sleep(0.05)  # a name has to be looked up
    reader, writer = await asyncio.open_connection("auction", 80)
    fields = {"Host": "auction", **headers, "Connection": "close"}
    lines = ["GET /lot/7 HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    first, *named = head.decode("latin-1").split("\r\n")
    return Answer(int(first.split()[1]), dict(line.split(": ", 1) for line in named), body)


@dataclass(slots=True)
class _Auction:
    """Answers each request with the state of the moment in which it arrives."""

    stage: Stage
    plot: Plot
    opened: float | None = None

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            state = self._state()
            await asyncio.sleep(state.takes)
            writer.write(_answer(state, request))
            writer.close()

    def _state(self) -> State:
        now = self.stage.world.now
        self.opened = now - 0.1 if self.opened is None else self.opened
        begun = [each for each in self.plot.states if each.since <= now - self.opened]
        return begun[-1]


def _answer(state: State, request: str) -> bytes:
    """The bytes of the answer, a 304 where the request names the tag of this state."""
    fields = {"ETag": state.tag, "Retry-After": state.retry_after}
    held = [line[14:].strip() for line in request.split("\r\n") if line[:14] == "If-None-Match:"]
    tag = EntityTag(state.tag.removeprefix("W/").strip('"'))
    code = status(held[0], tag) if held and state.tag else state.status
    body = state.body if code != HTTPStatus.NOT_MODIFIED else b""
    lines = [f"HTTP/1.1 {code} {HTTPStatus(code).phrase}"]
    lines += [f"{name}: {value}" for name, value in fields.items() if value]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _stop(stage: Stage, stop: asyncio.Event) -> None:
    stage.world.note("stop is set", "bidder")
    stop.set()


def _cancel(stage: Stage, page: asyncio.Task[Any]) -> None:
    stage.world.note("its task is cancelled", "bidder")
    page.cancel()


def _spoken(body: Any) -> str:
    return body.decode("latin-1") if isinstance(body, bytes) and body else repr(body)[:40]


def _named(value: Any) -> str:
    if inspect.iscoroutine(value):
        value.close()
        return "a coroutine, which can be awaited once"
    return f"{value!r:.40}, which is no async iterator"
