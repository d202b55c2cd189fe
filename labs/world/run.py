"""Runs a program in a world, in virtual time or on real loopback sockets, and keeps what happened.

`run` is a plain call, in a script, a test, and a notebook's cell alike: the world's loop never
waits for anything outside, so it runs to its end inside whatever loop the caller is in.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Coroutine, Iterator
from random import Random
from typing import Any

from labs.errors import WorldError
from labs.outcome import Run
from labs.world import clock
from labs.world.afterwards import clean_up
from labs.world.headers import fixed_headers
from labs.world.loop import WorldLoop
from labs.world.nested import outside_any_loop
from labs.world.network import Network
from labs.world.noticed import advice, cut_short, noticed, raised
from labs.world.place import HERE, LIFE
from labs.world.tasks import unheard_failures, waiting_tasks
from labs.world.watch import Stopped, watched
from labs.world.where import own_lines_only, where
from labs.world.world import World

Main = Callable[[Any], Coroutine[Any, Any, Any]]

MODES = ("virtual", "real")
HOUR = 3_600.0  # what a run is given in virtual time unless it says otherwise
HALF_A_MINUTE = 30.0  # the same in real time
RAISED = (Exception, SystemExit, asyncio.CancelledError)  # all but the stop button

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
    __tracebackhide__ = True  # a notebook shows the learner's lines, and no frame of ours
    outcome, error = observe(main, seed=seed, mode=mode, at=at, max_time=max_time)
    if error is not None:
        for says in (*outcome.diagnoses, *advice(error)):
            error.add_note(f"noticed: {says}")
        raise own_lines_only(error)
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
    if not callable(main):
        raise WorldError("run() takes the function: run(main), not run(main(...))")
    if not _one_at_a_time.acquire(blocking=False):
        raise WorldError("a run is under way: a world cannot be started inside another")
    try:
        with fixed_headers(), noticed() as sentences:
            in_mode = _virtual if mode == "virtual" else _real
            outcome, error = in_mode(main, seed, at, max_time)
    finally:
        _one_at_a_time.release()
    return outcome.with_diagnoses(sentences), error


def _virtual(
    main: Main, seed: int, at: str, max_time: float | None
) -> tuple[Run, BaseException | None]:
    loop = WorldLoop(HOUR if max_time is None else max_time)
    network = Network(loop, seed)
    clock.SKEW.clear()
    with outside_any_loop(), clock.world_clock(Random(seed), main), _steady_garbage():
        loop.set_exception_handler(lambda _, context: _keep(network, context))
        try:
            with watched(loop):
                result, error = _drive(loop, network, main, at)
            for says in (*unheard_failures(loop.tasks, loop.dead_lives), *network.strangers()):
                network.diagnose(says)
            unheard = cut_short(waiting_tasks(loop))
            outcome = Run(result, network.journal(), (*network.diagnoses, *unheard))
        finally:
            with watched(loop):
                clean_up(loop, network)
    return outcome, error


def _drive(
    loop: WorldLoop, network: Network, main: Main, at: str
) -> tuple[Any, BaseException | None]:
    network.introduce(at)
    here, life = HERE.set(at), LIFE.set(network.life_of(at))
    try:
        coroutine = main(World(network))
        if not asyncio.iscoroutine(coroutine):
            raise WorldError(f"{getattr(main, '__name__', 'main')} must be an async function")
        return loop.run_until_complete(loop.create_task(coroutine, name="main")), None
    except (KeyboardInterrupt, Stopped):
        if loop.stopped_by is None:
            # A fresh one: a notebook takes seconds to print asyncio's own frames.
            raise KeyboardInterrupt from None
        return None, loop.stopped_by
    except RAISED as error:
        return None, _for_the_caller(error)
    finally:
        HERE.reset(here)
        LIFE.reset(life)


def _for_the_caller(error: BaseException) -> BaseException:
    """What main raised; a sentence instead of what would end the caller too."""
    if isinstance(error, SystemExit):
        return WorldError(f"sys.exit() at {where(error)} would end every machine of the run")
    if isinstance(error, asyncio.CancelledError):
        return WorldError(f"main was cancelled at {where(error)}")
    return error


def _keep(network: Network, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if error is not None and not isinstance(error, Exception):
        return  # told already, or somebody's cancellation
    what = raised(error) if error is not None else "an error at a library"
    network.diagnose(f"{context.get('message', 'a callback failed')}: {what}")


def _real(
    main: Main, seed: int, at: str, max_time: float | None
) -> tuple[Run, BaseException | None]:
    from labs.world.real import RealWorld  # a browser has no sockets, and needs none until here

    world = RealWorld(seed=seed, at=at)
    result: Any = None
    error: BaseException | None = None
    try:
        result = world.run(main, HALF_A_MINUTE if max_time is None else max_time)
    except RAISED as stopped:
        error = _for_the_caller(stopped)
    return Run(result, world.journal(), tuple(world.diagnoses)), error


@contextlib.contextmanager
def _steady_garbage() -> Iterator[None]:
    """Garbage is collected at counted steps, so that finalizers run at the same ones each time."""
    was_enabled = gc.isenabled()
    gc.collect(1)  # what others left behind is not this run's
    gc.disable()
    try:
        yield
    finally:
        gc.collect(1)
        if was_enabled:
            gc.enable()
