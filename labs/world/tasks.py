"""The tasks of a run, and what there is to say of them: who waits where, who failed unheard."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Coroutine, Iterable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from labs.world.place import LIFE
from labs.world.where import waiting_at, where

if TYPE_CHECKING:
    from labs.world.loop import WorldLoop


class WorldTask(asyncio.Task[Any]):
    """A task that is hashed by its number: sets of tasks have the same order in each process."""

    def __init__(
        self,
        coro: Coroutine[Any, Any, Any],
        *,
        loop: WorldLoop,
        name: str | None = None,
        context: Context | None = None,
        eager_start: bool = False,  # begins at the next step on every Python, never at once
    ) -> None:
        self.number = loop.number()  # asyncio hashes the task while it is being made
        self.life = LIFE.get() if context is None else context.get(LIFE)
        name = name or getattr(coro, "__name__", "a task")
        super().__init__(coro, loop=loop, name=name, context=context)
        loop.tasks[self] = None

    def set_name(self, value: object) -> None:
        """Another name; None, which Python 3.13's loop says for "no name was given", is none."""
        if value is not None:
            super().set_name(value)

    def __hash__(self) -> int:
        return self.number


class WorldFuture(asyncio.Future[Any]):
    """A future that is hashed by its number, too: aiohttp wakes a set of them."""

    __slots__ = ("number",)
    number: int

    def __hash__(self) -> int:
        return self.number


def new_task(loop: WorldLoop, coro: Coroutine[Any, Any, Any], **known: Any) -> WorldTask:
    """The task that the loop's create_task() makes."""
    return WorldTask(coro, loop=loop, **known)


def says_deadlock(loop: WorldLoop) -> str:
    """Who waits where, when nothing can ever happen again."""
    lines = [f"{task.get_name()} waits at {waiting_at(task)}" for task in waiting_tasks(loop)]
    waits = "; ".join(lines[:5]) or "nobody waits for anything"
    return f"nothing more can happen in this world at {loop.now:.3f} s: {waits}"


def says_out_of_time(loop: WorldLoop, limit: str) -> str:
    """Who still waits at the last permitted second, or step."""
    main = next((t for t in waiting_tasks(loop) if t.get_name() == "main"), None)
    at = f": main still waits at {waiting_at(main)}" if main else ""
    return f"the run was given {limit} and they are over{at}"


def says_spinning(loop: WorldLoop) -> str:
    """Who runs without ever waiting for time to pass."""
    task = getattr(loop._ready[0]._callback, "__self__", None) if loop._ready else None
    at = waiting_at(task) if isinstance(task, WorldTask) else "a callback"
    return f"a program spins at {loop.now:.3f} s without letting time pass: {at}"


def waiting_tasks(loop: WorldLoop) -> list[WorldTask]:
    """Tasks of live processes that are not done, the main program first."""
    alive = [t for t in loop.tasks if not t.done() and t.life not in loop.dead_lives]
    return sorted(alive, key=lambda task: (task.get_name() != "main", task.number))


def forget_finished_tasks(loop: WorldLoop) -> None:
    """Let go of tasks that are done, unless they failed and somebody may still ask for that."""
    for task in [task for task in loop.tasks if task.done() and not task._log_traceback]:
        del loop.tasks[task]


def unheard_failures(tasks: Iterable[Any], dead_lives: Container[object]) -> list[str]:
    """A sentence for each task that failed and was never awaited; the run is over."""
    unheard = []
    for task in tasks:
        if task._log_traceback:
            error = task.exception()  # reading it keeps asyncio from printing it
            if isinstance(error, Exception) and task.life not in dead_lives:
                says = f"a task ended with {type(error).__name__} at {where(error)}"
                unheard.append(f"{says}, and nobody awaited it")
    return unheard
