"""An asyncio event loop whose clock is a number.

It never waits. When nobody has anything to do, the clock jumps to the next arrival or timer; when
there is none, the program can never go on, and that is said with the lines at which it waits.
At one instant arrivals come first, ordered by connection, direction and count, then timers by
their creation: an order that no hash seed, thread or machine can change.

It builds on the private part of BaseEventLoop that run_forever() calls (`_run_once`, `_ready`,
`_stopping`); tests/labs/world/test_loop.py fails first if a Python release changes it.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextvars import Context, copy_context
from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from labs.errors import BlockingCall, Deadlock, OutOfTime
from labs.world.outward import OutwardLoop
from labs.world.place import LIFE
from labs.world.step import Step, Timer
from labs.world.tasks import (
    WorldFuture,
    WorldTask,
    forget_finished_tasks,
    new_task,
    says_deadlock,
    says_out_of_time,
    says_spinning,
)

if TYPE_CHECKING:
    from labs.world.sender import Segment
    from labs.world.transport import Endpoint

LOOK_UP_EVERY = 50_000  # steps; garbage is collected then, so that it is at the same step
SPIN = 500_000  # steps at one instant after which a program is busy, not waiting
LONGEST = 20_000_000  # steps in one run: half a minute of computing

# When it is due, whose turn it is at one instant, the count of its kind, what is called with what.
Due = tuple[float, tuple[float, int], int, Callable[[Any], object], Any]
AFTER_ARRIVALS = (inf, 0)  # the turn of timers; that of an arrival is (connection, side)


class _AnyTask(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, asyncio.tasks.Task)


class TaskByHand(asyncio.Task[Any], metaclass=_AnyTask):
    """Stands for asyncio.Task during a run: aiohttp makes some tasks without asking the loop."""

    def __new__(cls, coro: Any, *, loop: Any = None, **known: Any) -> Any:
        """A WorldTask in a world, elsewhere what asyncio would make."""
        loop = loop or asyncio.get_running_loop()
        make = WorldTask if isinstance(loop, WorldLoop) else asyncio.tasks.Task
        return make(coro, loop=loop, **known)


class WorldLoop(OutwardLoop):
    """Runs callbacks, arrivals and timers in virtual time. `now` is the virtual second."""

    def __init__(self, max_time: float) -> None:
        super().__init__()
        self.set_debug(False)
        self.now = 0.0
        self.max_time = max_time
        self.steps = 0
        self.due: list[Due] = []  # a heap
        self.cancelled_timers = 0  # at least as many as there are in the heap
        self.tasks: dict[WorldTask, None] = {}
        self.dead_lives: set[object] = set()  # processes that were killed; their steps are dropped
        self.stopped_by: BaseException | None = None
        self.generators: WeakKeyDictionary[Any, object] = WeakKeyDictionary()  # whose they are
        self._numbers = 0
        self._look_up_at = 1_000
        self._seen_at, self._moved_at = 0.0, 0  # the clock when it was seen to move, and the step
        self._last_step = LONGEST
        self._ready: Any
        self._stopping: bool
        self._asyncgens: Any
        self.set_task_factory(new_task)  # type: ignore[arg-type]  # no eager tasks here

    def number(self) -> int:
        """The next number: tasks and timers are ordered by their creation."""
        self._numbers += 1
        return self._numbers

    # -- time ------------------------------------------------------------------------------

    def time(self) -> float:
        """The virtual second."""
        return self.now

    def create_future(self) -> asyncio.Future[Any]:
        """A future whose place in a set is the same in each process."""
        future = WorldFuture(loop=self)
        future.number = self.number()
        return future

    def now_for_caller(self) -> float:
        """The same, or later for a function in an executor that has slept."""
        return self.now + self.slept_inline if self.inline else self.now

    def call_soon(  # type: ignore[override]  # a Step is all that asyncio needs of a Handle
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Step:
        """Run the callback at this instant, after what is already due."""
        step = Step(callback, args, copy_context() if context is None else context)
        self._ready.append(step)
        return step

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # there is one thread

    def call_later(  # type: ignore[override]  # a Timer is a TimerHandle to asyncio
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Timer:
        """Run the callback `delay` virtual seconds from now."""
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]  # the same
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Timer:
        """Run the callback at a virtual second, rounded to a nanosecond."""
        when = round(when, 9)
        context = copy_context() if context is None else context
        timer = Timer(self, when, callback, args, context)
        heappush(self.due, (when, AFTER_ARRIVALS, self.number(), self._ready.append, timer))
        return timer

    def deliver(self, when: float, segment: Segment) -> None:
        """Let a segment arrive at a virtual second."""
        source = segment.source
        heappush(self.due, (round(when, 9), source.turn, segment.n, source.reaches, segment))

    def recall(self, sources: tuple[Endpoint, Endpoint]) -> set[Segment]:
        """What was under way from these ends, and now will not arrive."""
        arrivals = [item[4] for item in self.due if item[1] is not AFTER_ARRIVALS]
        recalled = {segment for segment in arrivals if segment.source in sources}
        self.due[:] = [item for item in self.due if item[4] not in recalled]
        heapify(self.due)
        return recalled

    # -- running ---------------------------------------------------------------------------

    def give_more(self, seconds: float) -> None:
        """Let it run for so many more virtual seconds, though it may have run into a limit."""
        self.max_time = self.now + seconds
        self._moved_at, self._last_step = self.steps, self.steps + LONGEST
        self.stopped_by = None

    def _run_once(self) -> None:
        """Run steps, and move the clock on when none is ready, until it is time to look up."""
        if self.steps >= self._look_up_at:
            self._look_up()
        ready, first, last = self._ready, self.steps + 1, self._look_up_at
        for self.steps in range(first, last + 1):  # an attribute: the watch looks at it
            while not ready and not self._stopping:
                self._advance()
            if self._stopping:
                break
            step = ready.popleft()
            if step._cancelled or (self.dead_lives and self._is_frozen(step)):
                continue
            try:
                step._context.run(step._callback, *step._args)
            except (Exception, asyncio.CancelledError) as error:
                self.call_exception_handler({"message": "a callback raised", "exception": error})
        if self.stopped_by is not None:
            raise self.stopped_by

    def _advance(self) -> None:
        """Move the clock to what comes next; arrivals happen now, timers are ready to run."""
        if self.stopped_by is not None:
            raise self.stopped_by
        due = self.due
        while due:
            when, turn, n, happens, what = heappop(due)
            if turn is not AFTER_ARRIVALS or not what._cancelled:
                break
            self.cancelled_timers -= 1
        else:
            raise Deadlock(says_deadlock(self))
        if when > self.max_time:
            heappush(due, (when, turn, n, happens, what))
            self.now = self.max_time
            raise OutOfTime(says_out_of_time(self, f"{self.max_time:g} s"))
        if when > self.now:
            self.now = when
        else:  # somebody has slept on
            when = self.now
        happens(what)
        while due and due[0][0] <= when:
            _, _, _, happens, what = heappop(due)
            happens(what)

    def _look_up(self) -> None:
        """Once in many steps: collect garbage, and see whether time passes at all."""
        if self.now > self._seen_at:
            self._seen_at, self._moved_at = self.now, self.steps
        if self.steps > self._moved_at + SPIN:
            raise BlockingCall(says_spinning(self))
        if self.steps > self._last_step:
            raise OutOfTime(says_out_of_time(self, f"{LONGEST:,} steps"))
        self._look_up_at = self.steps + LOOK_UP_EVERY
        forget_finished_tasks(self)
        gc.collect(1)

    def timer_cancelled(self) -> None:
        """A timer in the heap will not run; when most of it is such, they are taken out."""
        self.cancelled_timers += 1
        if self.cancelled_timers > 1_000 and self.cancelled_timers * 2 > len(self.due):
            self.due[:] = [item for item in self.due if not _is_cancelled(item)]
            heapify(self.due)
            self.cancelled_timers = 0

    def _is_frozen(self, step: Step) -> bool:
        task = getattr(step._callback, "__self__", None)
        if isinstance(task, WorldTask):
            return task.life in self.dead_lives
        return step._context.get(LIFE) in self.dead_lives

    def _asyncgen_firstiter_hook(self, generator: Any) -> None:
        self.generators[generator] = LIFE.get()

    def _asyncgen_finalizer_hook(self, generator: Any) -> None:
        self.generators.pop(generator, None)
        if not self.is_closed():
            self.call_soon(self.create_task, generator.aclose())

    async def shutdown_asyncgens(self) -> None:
        """Close the asynchronous generators of live programs."""
        self._asyncgens.update(self.generators)
        await super().shutdown_asyncgens()

    def _process_events(self, event_list: Any) -> None:
        """There is no selector."""

    def _write_to_self(self) -> None:
        """Nobody has to be woken."""


def _is_cancelled(item: Due) -> bool:
    return item[1] is AFTER_ARRIVALS and item[4]._cancelled
