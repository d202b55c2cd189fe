"""What is left of a run in real time is ended: tasks, killed programs, sockets, threads.

It happens after journal and result are sealed. The wire goes first, so that nobody waits for an
answer; then every task that is alive gets a moment to clean up after itself. A killed one cleans
up nothing: its frame is never closed, since closing a coroutine runs its `finally`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
from collections.abc import Iterator
from typing import Any

from labs.world.proxy import Proxy
from labs.world.real_loop import RealLoop

LAST_WORDS = 0.2  # seconds that cancelled tasks get to clean up after themselves


def clean_up(loop: RealLoop, proxy: Proxy) -> None:
    """End everything that a run has started, and close its loop."""
    with _unlogged():
        loop.run_until_complete(_stop_accepting(loop))
        loop.run_until_complete(_cancel(asyncio.all_tasks(loop) - loop.frozen, proxy))
        _forget_killed(loop)
        loop.run_until_complete(_let_go(loop))
        for task in asyncio.all_tasks(loop) - loop.frozen:
            _bury(task)
        loop.close()


async def _stop_accepting(loop: RealLoop) -> None:
    for server in loop.servers:
        server.close()
    # asyncio would lose the socket of a task that accepts and is cancelled before its first step.
    await asyncio.sleep(0)


async def _cancel(tasks: set[asyncio.Task[Any]], proxy: Proxy) -> None:
    for _ in range(2):  # a task may wait for a farewell, and be told again that there is none
        for task in tasks:
            task.cancel()
        await asyncio.sleep(0)
        proxy.stop()
        tasks = {task for task in tasks if not task.done()}
        if tasks:
            _, tasks = await asyncio.wait(tasks, timeout=LAST_WORDS)


async def _let_go(loop: RealLoop) -> None:
    """Transports close their sockets in callbacks of their own: let these run."""
    for transport in list(loop.transports):
        if transport._loop is not None:  # it still has its socket
            transport.abort()
    await asyncio.sleep(0)
    await loop.shutdown_asyncgens()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(loop.shutdown_default_executor(), LAST_WORDS)


def _forget_killed(loop: RealLoop) -> None:
    for task in loop.frozen:
        _never_collect(task)
        _never_collect(task.get_coro())
    for generator, life in list(loop.generators.items()):
        if life in loop.dead_lives:
            _never_collect(generator)
            loop._asyncgens.discard(generator)  # type: ignore[attr-defined]  # asyncio's own


def _never_collect(frame: Any) -> None:
    """Keep a suspended frame for ever: only so does its `finally` never run.

    Its sockets were closed when it was killed, so this costs a few kilobytes.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(frame))


def _bury(task: asyncio.Task[Any]) -> None:
    """Close the frame of a task that refuses to end."""
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is pending on purpose
    coroutine = task.get_coro()
    with contextlib.suppress(BaseException):
        if coroutine is not None:
            coroutine.close()


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """What a library logs while its connections are taken away is no part of the run."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
