"""Runs a program in a world, in virtual time or on real loopback sockets, and keeps what happened.

`run` is a plain call, in a script, a test, and a notebook's cell alike: the world's loop never
waits for anything outside, so it runs to its end inside whatever loop the caller is in.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from random import Random
from typing import Any

from labs.errors import WorldError
from labs.outcome import Run
from labs.world import clock
from labs.world.loop import WorldLoop, WorldTask
from labs.world.nested import outside_any_loop
from labs.world.network import Network
from labs.world.place import HERE, LIFE
from labs.world.watch import Stopped, watched
from labs.world.where import where
from labs.world.world import World

Main = Callable[[Any], Coroutine[Any, Any, Any]]

MODES = ("virtual", "real")
HOUR = 3_600.0  # what a run is given in virtual time unless it says otherwise
HALF_A_MINUTE = 30.0  # the same in real time
AFTERWARDS = 3_600.0  # virtual seconds that leftover tasks get to clean up after main

_one_at_a_time = threading.Lock()


def run(
    main: Main,
    *,
    seed: int = 7,
    mode: str = "virtual",
    at: str = "client",
    max_time: float | None = None,
) -> Run:
    """What happened while `await main(world)` ran on the machine `at`: result, journal, diagram.

    `max_time` is in seconds (virtual: 3,600 unless given; real: 30). Raises what main raised,
    and WorldError when the program cannot go on: it waits for ever, blocks, or runs out of time.
    """
    outcome, error = observe(main, seed=seed, mode=mode, at=at, max_time=max_time)
    if error is not None:
        raise error
    return outcome


def observe(
    main: Main,
    *,
    seed: int = 7,
    mode: str = "virtual",
    at: str = "client",
    max_time: float | None = None,
) -> tuple[Run, BaseException | None]:
    """The same, with the error beside what happened until then instead of raised."""
    if mode not in MODES:
        raise WorldError(f"mode is 'virtual' or 'real', not {mode!r}")
    if not _one_at_a_time.acquire(blocking=False):
        raise WorldError("a run is under way: a world cannot be started inside another")
    try:
        with clock.fixed_headers(), _quiet_libraries() as failures:
            in_mode = _virtual if mode == "virtual" else _real
            outcome, error = in_mode(main, seed, at, max_time)
    finally:
        _one_at_a_time.release()
    return outcome.with_diagnoses(failures), error


def _virtual(
    main: Main, seed: int, at: str, max_time: float | None
) -> tuple[Run, BaseException | None]:
    loop = WorldLoop(HOUR if max_time is None else max_time)
    network = Network(loop, seed)
    clock.SKEW.clear()
    with outside_any_loop(), clock.world_clock(Random(seed)), _steady_garbage(), watched(loop):
        loop.set_exception_handler(lambda _, context: _keep(network, context))
        result, error = _drive(loop, network, main, at)
        network.forget_finished_tasks()
        outcome = Run(result, network.journal(), tuple(network.diagnoses))
        _clean_up(loop, network)
    return outcome, error


def _drive(
    loop: WorldLoop, network: Network, main: Main, at: str
) -> tuple[Any, BaseException | None]:
    network.know(at)
    here, life = HERE.set(at), LIFE.set(None)
    try:
        coroutine = main(World(network))
        if not asyncio.iscoroutine(coroutine):
            raise WorldError(f"{getattr(main, '__name__', 'main')} must be an async function")
        return loop.run_until_complete(loop.create_task(coroutine, name="main")), None
    except (KeyboardInterrupt, SystemExit):
        _clean_up(loop, network)
        raise
    except Stopped:
        return None, loop.stopped_by
    except Exception as error:
        return None, error
    finally:
        HERE.reset(here)
        LIFE.reset(life)


def _clean_up(loop: WorldLoop, network: Network) -> None:
    """Journal and result are sealed; let tasks finish, close what was killed, leave nothing."""
    loop.stopped_by = None
    loop.max_time = loop.now + AFTERWARDS
    left = network.waiting_tasks()
    for task in left:
        task.cancel()
    with contextlib.suppress(Exception, Stopped):
        loop.run_until_complete(_all_done(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
    asyncio._set_running_loop(loop)  # a `finally` may ask for the current task
    while loop.tasks:
        _bury(loop.tasks.popitem()[0])
    asyncio._set_running_loop(None)
    loop.close()


async def _all_done(tasks: list[WorldTask]) -> None:
    if tasks:
        await asyncio.wait(tasks)


def _bury(task: WorldTask) -> None:
    """Close the frame of a killed task; whatever its `finally` says or does, nobody hears."""
    if task.done():
        task._log_traceback = False  # type: ignore[attr-defined]  # reported, or not theirs
        return
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is pending on purpose
    coroutine = task.get_coro()
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        # An await inside a `finally` survives one close(): it is closed again, and so on.
        for _ in range(100):
            if coroutine is None or getattr(coroutine, "cr_frame", None) is None:
                break
            with contextlib.suppress(BaseException):
                coroutine.close()


def _keep(network: Network, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, Stopped):
        return
    kind = type(error).__name__ if error is not None else "an error"
    at = where(error) if error is not None else "a library"
    network.diagnose(f"{context.get('message', 'a callback failed')}: {kind} at {at}")


def _real(
    main: Main, seed: int, at: str, max_time: float | None
) -> tuple[Run, BaseException | None]:
    from labs.world.real import RealWorld  # a browser has no sockets, and needs none until here

    world = RealWorld(seed=seed, at=at)
    result, error = None, None
    try:
        result = world.run(main, HALF_A_MINUTE if max_time is None else max_time)
    except Exception as raised:
        error = raised
    return Run(result, world.journal(), tuple(world.diagnoses)), error


@contextlib.contextmanager
def _steady_garbage() -> Iterator[None]:
    """Garbage is collected at counted steps, so that finalizers run at the same ones each time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Sentences(logging.Handler):
    """Turns a library's error log into one sentence each, with the learner's line."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's message and where its exception was raised."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Stopped):
            return
        at = f": {type(error).__name__} at {where(error)}" if error is not None else ""
        says = f"{record.getMessage().splitlines()[0]}{at}"
        if says not in self.sentences:
            self.sentences.append(says)


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[list[str]]:
    """Errors that websockets, aiohttp and asyncio log become diagnoses, not lines on stderr."""
    handler = _Sentences()
    loggers = [logging.getLogger(name) for name in ("websockets", "aiohttp", "asyncio")]
    before = [(logger, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield handler.sentences
    finally:
        for logger, propagate in before:
            logger.removeHandler(handler)
            logger.propagate = propagate
