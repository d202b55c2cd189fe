"""What remains to be done once journal and result are sealed: end the tasks, leave nothing.

Tasks that are alive are cancelled and may clean up, in virtual time. A killed process cleans up
nothing: its frames must never be closed, since closing a coroutine runs its `finally`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import io
from typing import Any

from labs.world.loop import WorldLoop
from labs.world.network import Network
from labs.world.tasks import WorldTask, waiting_tasks
from labs.world.watch import Stopped

AFTERWARDS = 3_600.0  # virtual seconds that leftover tasks get to clean up after main


def clean_up(loop: WorldLoop, network: Network) -> None:
    """End what is left of a run and close its loop."""
    loop.give_more(AFTERWARDS)
    left = waiting_tasks(loop)
    try:
        for task in left:
            task.cancel()
        with contextlib.suppress(Exception, Stopped, SystemExit):
            loop.run_until_complete(_all_done(left))
        _forget_killed(loop)
        with contextlib.suppress(Exception, Stopped, SystemExit):
            loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        asyncio._set_running_loop(loop)  # a `finally` may ask for the current task
        while loop.tasks:
            _bury(loop.tasks.popitem()[0])
        asyncio._set_running_loop(None)
        loop.close()
        network.forget_everything()


async def _all_done(tasks: list[WorldTask]) -> None:
    if tasks:
        await asyncio.wait(tasks)


def _forget_killed(loop: WorldLoop) -> None:
    for task in [task for task in loop.tasks if task.life in loop.dead_lives]:
        if not task.done():
            _never_collect(task.get_coro())
            _never_collect(task)
        task._log_traceback = False  # nobody is left to be told
        del loop.tasks[task]
    for generator, life in list(loop.generators.items()):
        if life in loop.dead_lives:
            _never_collect(generator)
            del loop.generators[generator]


def _never_collect(frame: Any) -> None:
    """Keep a suspended frame for ever: only so does its `finally` never run.

    What it holds was emptied with the network, so a killed process costs a few kilobytes.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(frame))


def _bury(task: WorldTask) -> None:
    """Close the frame of a task that would not end; whatever it says or does, nobody hears."""
    task._log_traceback = False  # reported, or not theirs
    if task.done():
        return
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is pending on purpose
    coroutine = task.get_coro()
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        # An await inside a `finally` survives one close(): it is closed again, and so on.
        for _ in range(100):
            if getattr(coroutine, "cr_frame", None) is None:
                break
            with contextlib.suppress(BaseException):
                coroutine.close()
