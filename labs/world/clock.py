"""The standard library's clock and randomness, as a world's programs see them.

Code inside a world reads virtual time from time.time(), time.monotonic() and datetime.now(), and
numbers from the world's seed; every other thread, and everything outside a run, is left alone.
Libraries that bind such a function at import are told one by one; they are named here.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import random
import sys
import time
from asyncio import _get_running_loop
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from labs.world.loop import TaskByHand, WorldLoop
from labs.world.outside import Replacement, refused_calls, running_world, world_sleep
from labs.world.place import HERE
from labs.world.swap import once_imported, swapped

EPOCH = 1_767_225_600.0  # 2026-01-01T00:00:00Z is second 0
SKEW: dict[str, float] = {}  # seconds by which a machine's wall clock is ahead

real_time, real_datetime, real_urandom = time.time, dt.datetime, os.urandom


def world_time() -> float:
    """Seconds since 1970, on the machine on which the caller runs."""
    loop = running_world()
    if loop is None:
        return real_time()
    return EPOCH + loop.now_for_caller() + SKEW.get(HERE.get(""), 0.0)


def _ticking(real: Callable[[], float]) -> Callable[[], float]:
    """Virtual seconds since the run began, in the place of a clock that never jumps."""

    def clock() -> float:
        loop = running_world()
        return real() if loop is None else loop.now_for_caller()

    return clock


def _in_nanoseconds(clock: Callable[[], float], real: Callable[[], int]) -> Callable[[], int]:
    return lambda: real() if running_world() is None else round(clock() * 1_000_000_000)


class _WorldDatetimeType(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, real_datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, real_datetime)


class WorldDatetime(dt.datetime, metaclass=_WorldDatetimeType):
    """datetime.datetime whose now() is the world's; what it makes are ordinary datetimes."""

    def __new__(cls, *args: Any, **named: Any) -> Any:
        """A datetime of the standard library."""
        return real_datetime(*args, **named)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        """The wall clock of the machine on which the caller runs."""
        return real_datetime.fromtimestamp(world_time(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        """The same in UTC, without a time zone."""
        return real_datetime.fromtimestamp(world_time(), dt.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        """The same in local time."""
        return real_datetime.fromtimestamp(world_time())


@contextlib.contextmanager
def world_clock(rng: random.Random, main: Any) -> Iterator[None]:
    """For the length of the block, code inside a world sees its clock and its randomness.

    Names that `main`'s own module bound early (`from time import sleep`) are rebound too.
    """
    replaced = [*_clocks(), *_chances(rng), *refused_calls(), (asyncio, "Task", TaskByHand)]
    by_value = {id(getattr(owner, name)): new for owner, name, new in replaced}
    with contextlib.ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        random.seed(rng.getrandbits(64))
        for owner, name, new in replaced:
            stack.enter_context(swapped(owner, name, new))
        for names in _bound_early(main):
            early = {n: v for n, v in names.items() if isinstance(v, _REPLACEABLE)}
            early = {n: v for n, v in early.items() if id(v) in by_value}
            stack.callback(names.update, early)
            names.update({n: by_value[id(v)] for n, v in early.items()})
        seed = rng.getrandbits(64)
        # The masks of aiohttp come from one Random, a default argument, seeded by the process.
        masks = {"aiohttp._websocket.writer": lambda writer: _masks(writer).seed(seed)}
        stack.enter_context(once_imported(masks))
        yield


_REPLACEABLE = (type(time.time), type(real_datetime), FunctionType)


def _clocks() -> list[Replacement]:
    monotonic, counter = _ticking(time.monotonic), _ticking(time.perf_counter)
    return [
        (time, "time", world_time),
        (time, "time_ns", _in_nanoseconds(world_time, time.time_ns)),
        (time, "monotonic", monotonic),
        (time, "monotonic_ns", _in_nanoseconds(monotonic, time.monotonic_ns)),
        (time, "perf_counter", counter),
        (time, "perf_counter_ns", _in_nanoseconds(counter, time.perf_counter_ns)),
        (time, "sleep", world_sleep),
        (dt, "datetime", WorldDatetime),
    ]


def _chances(rng: random.Random) -> list[Replacement]:
    draw = rng.getrandbits

    def urandom(size: int) -> bytes:
        if not isinstance(_get_running_loop(), WorldLoop):
            return real_urandom(size)
        return draw(8 * size).to_bytes(size, "little")  # as randbytes() does

    # `secrets` and SystemRandom read random._urandom.
    return [(os, "urandom", urandom), (random, "_urandom", urandom)]


def _bound_early(main: Any) -> list[dict[str, Any]]:
    """Names of modules that hold clock functions as their own: `from time import monotonic`."""
    modules = [sys.modules.get("__main__"), sys.modules.get("aiohttp.connector")]
    own = getattr(getattr(main, "func", main), "__globals__", {})  # .func: of a partial
    found = [vars(module) for module in modules if module is not None]
    return found if any(own is names for names in found) else [*found, own]


def _masks(writer: Any) -> random.Random:
    found: random.Random = writer.WebSocketWriter.__init__.__kwdefaults__["random"]
    return found
