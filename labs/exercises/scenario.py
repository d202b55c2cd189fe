"""One way of judging: a program in the world that uses the learner's code, and what to look for.

The program gets a `Stage`: the world, what the learner defined, a clock, seeded randomness. What
it reports at once, and what `look` finds in the run afterwards, are findings; the first decides.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any

from labs.exercises.verdict import Finding
from labs.outcome import Run

TICK = 1e-6  # seconds: the shortest sleep that lets time pass

Errors = tuple[type[BaseException], ...]
Look = Callable[[Run], Finding | None]


def nothing(_: Run) -> Finding | None:
    """Where the program itself reports whatever there is to report."""
    return None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named situation; `did` is its story in one or two sentences, as the learner reads it."""

    name: str
    did: str
    program: Callable[[Stage], Coroutine[Any, Any, Any]]
    look: Look = nothing
    at: str = "client"  # the machine on which the program runs
    seeds: int = 20  # with how many seeds it is run
    max_time: float = 3_600.0  # virtual seconds


@dataclass(slots=True)
class Clock:
    """The clock that contracts speak of: virtual seconds."""

    world: Any

    def time(self) -> float:
        """Seconds since the run began."""
        return float(self.world.now)

    async def sleep(self, seconds: float) -> None:
        """Returns `seconds` later; at once when they are not more than 0."""
        # A sleep too short to move the clock would turn `while now < due: sleep(due - now)` into
        # a loop without end.
        await asyncio.sleep(max(TICK, seconds) if seconds > 0 else 0)


@dataclass(slots=True)
class Stage:
    """What a scenario's program is given."""

    world: Any
    fresh: Callable[[], SimpleNamespace]  # the learner's definitions, executed once more
    source: str
    rng: Random
    given: SimpleNamespace = field(default_factory=SimpleNamespace)
    findings: list[Finding] = field(default_factory=list)
    playing: list[asyncio.Task[Any]] = field(default_factory=list)
    raised: asyncio.Future[None] = field(default_factory=asyncio.Future)

    @property
    def clock(self) -> Clock:
        """The clock to hand to the learner's code."""
        return Clock(self.world)

    def report(self, bug: str, saw: str, event: int | None = None) -> None:
        """Keep a finding of this moment; the run goes on, and the first finding decides."""
        self.findings.append(Finding(bug, saw, event, round(self.world.now, 3)))

    async def call(
        self, function: Callable[..., Any], *args: Any, expect: Errors = (), **named: Any
    ) -> Any:
        """What the learner's function returns, be it `def` or `async def`.

        What it raises ends the scenario, also where a library would have swallowed it, unless it
        is one of the errors that the contract allows: `expect`.
        """
        try:
            value = function(*args, **named)
            return await value if inspect.isawaitable(value) else value
        except expect:
            raise
        except Exception as error:
            self._fail(error)
            raise

    def play(self, coroutine: Coroutine[Any, Any, Any], host: str = "") -> asyncio.Task[Any]:
        """Run a coroutine beside the program, on a machine; what it raises ends the scenario."""

        async def program() -> Any:
            return await coroutine

        task = self.world.host(host).start(program) if host else asyncio.create_task(program())
        task.add_done_callback(self._ended)
        self.playing.append(task)
        return task

    async def perform(self, program: Callable[[Stage], Coroutine[Any, Any, Any]]) -> Any:
        """The program's result, or what the learner's code raised meanwhile."""
        acting = asyncio.create_task(program(self), name="scenario")
        await asyncio.wait({acting, self.raised}, return_when=asyncio.FIRST_COMPLETED)
        for task in (acting, *self.playing):
            task.cancel()
        if self.raised.done():
            self.raised.result()
        return await acting

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if not self.raised.done():
            self.raised.set_exception(error)
