"""Running one event loop inside another's callback, in the same thread.

A Jupyter kernel runs its cells inside its own loop. asyncio refuses a second loop there for fear
of a mistake; a world that runs to its end before the cell goes on is none.
"""

from __future__ import annotations

import asyncio
from asyncio import events, tasks
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def outside_any_loop() -> Iterator[None]:
    """For the length of the block, this thread runs no loop and no task, as far as asyncio sees."""
    outer = events._get_running_loop()
    if outer is None:
        yield
        return
    task = _swap_current_task(outer, None)
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(outer)
        _swap_current_task(outer, task)


def _swap_current_task(loop: asyncio.AbstractEventLoop, task: Any) -> Any:
    # Python 3.14 keeps one current task a thread; 3.11 keeps one a loop, so nothing is in the way.
    swap = getattr(tasks, "_swap_current_task", None)
    return swap(loop, task) if swap else None
