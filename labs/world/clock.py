"""The standard library's clock and randomness, as a world's programs see them.

Code inside a world reads virtual time from time.time(), time.monotonic() and datetime.now(), and
numbers from the world's seed; every other thread, and everything outside a run, is left alone.
Libraries that bind such a function at import are told one by one; they are named here.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from labs.errors import Escape
from labs.world.loop import WorldLoop
from labs.world.place import HERE
from labs.world.where import called_at

EPOCH = 1_767_225_600.0  # 2026-01-01T00:00:00Z is second 0
SKEW: dict[str, float] = {}  # seconds by which a machine's wall clock is ahead

real_time, real_monotonic, real_sleep = time.time, time.monotonic, time.sleep
real_datetime, real_urandom = datetime.datetime, os.urandom


def _loop() -> WorldLoop | None:
    loop = asyncio._get_running_loop()
    return loop if isinstance(loop, WorldLoop) else None


def world_time() -> float:
    """Seconds since 1970, on the machine on which the caller runs."""
    loop = _loop()
    return real_time() if loop is None else EPOCH + loop.now + SKEW.get(HERE.get(""), 0.0)


def world_monotonic() -> float:
    """Virtual seconds since the run began."""
    loop = _loop()
    return real_monotonic() if loop is None else loop.now


def world_sleep(seconds: float) -> None:
    """Hold up everybody: the clock moves on and nobody else has run."""
    loop = _loop()
    if loop is None:
        real_sleep(seconds)
    elif loop.inline:
        loop.slept_inline += seconds
    else:
        loop.now = round(loop.now + seconds, 9)
        says = f"time.sleep({seconds:g}) at {called_at()} held up everything for {seconds:g} s"
        loop.network.diagnose(f"{says}: await asyncio.sleep({seconds:g}) lets others run")


class _WorldDatetimeType(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, real_datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, real_datetime)


class WorldDatetime(real_datetime, metaclass=_WorldDatetimeType):
    """datetime.datetime whose now() is the world's."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        """The wall clock of the machine on which the caller runs."""
        return real_datetime.fromtimestamp(world_time(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        """The same in UTC, without a time zone."""
        return real_datetime.fromtimestamp(world_time(), datetime.timezone.utc).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        """The same in local time."""
        return real_datetime.fromtimestamp(world_time())


def _refuse(name: str) -> Callable[..., Any]:
    real = getattr(socket.socket, name)

    def refused(self: socket.socket, *args: Any) -> Any:
        if _loop() is None:
            return real(self, *args)
        self.close()
        says = f"socket.{name}() at {called_at()} is a blocking call to the world outside"
        raise Escape(f"{says}: use asyncio (websockets, aiohttp) in here, or mode='real'")

    return refused


@contextlib.contextmanager
def world_clock(rng: random.Random) -> Iterator[None]:
    """For the length of the block, code inside a world sees its clock and its randomness."""

    def urandom(size: int) -> bytes:
        return real_urandom(size) if _loop() is None else rng.randbytes(size)

    with contextlib.ExitStack() as stack:
        state = random.getstate()
        stack.callback(random.setstate, state)
        random.seed(rng.getrandbits(64))
        replaced = [
            (time, "time", world_time),
            (time, "time_ns", lambda: int(world_time() * 1e9)),
            (time, "monotonic", world_monotonic),
            (time, "monotonic_ns", lambda: int(world_monotonic() * 1e9)),
            (time, "perf_counter", _or_real(time.perf_counter)),
            (time, "sleep", world_sleep),
            (datetime, "datetime", WorldDatetime),
            (os, "urandom", urandom),
            (random, "_urandom", urandom),
            *[(socket.socket, name, _refuse(name)) for name in ("connect", "bind", "sendto")],
        ]
        by_value = {id(getattr(owner, name)): new for owner, name, new in replaced}
        for owner, name, new in replaced:
            stack.enter_context(_attribute(owner, name, new))
        for module in _bound_early():
            for name, value in list(vars(module).items()):
                if id(value) in by_value and isinstance(value, _REPLACEABLE):
                    stack.enter_context(_attribute(module, name, by_value[id(value)]))
        _seed_aiohttp_masks(rng.getrandbits(64))
        yield


@contextlib.contextmanager
def fixed_headers() -> Iterator[None]:
    """Server and User-Agent without versions, no compression unless asked for, no outer proxy."""
    with contextlib.ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("aiohttp.") and "SERVER_SOFTWARE" in vars(module):
                stack.enter_context(_attribute(module, "SERVER_SOFTWARE", "aiohttp"))
        if server := sys.modules.get("websockets.asyncio.server"):
            stack.enter_context(_defaults(server.serve, _SERVER))
        if client := sys.modules.get("websockets.asyncio.client"):
            stack.enter_context(_defaults(client.connect.__init__, _CLIENT))
        yield


_SERVER = {"server_header": "websockets", "compression": None}
_CLIENT = {"user_agent_header": "websockets", "compression": None, "proxy": None}
_REPLACEABLE = (type(time.time), type(real_datetime), FunctionType)


def _bound_early() -> list[ModuleType]:
    """Modules that hold clock functions under names of their own: `from time import monotonic`."""
    names = ["__main__", "aiohttp.connector"]
    return [sys.modules[name] for name in names if name in sys.modules]


def _or_real(real: Callable[[], float]) -> Callable[[], float]:
    def clock() -> float:
        loop = _loop()
        return real() if loop is None else loop.now

    return clock


@contextlib.contextmanager
def _defaults(function: Any, defaults: dict[str, Any]) -> Iterator[None]:
    known = function.__kwdefaults__
    function.__kwdefaults__ = {**known, **defaults}
    try:
        yield
    finally:
        function.__kwdefaults__ = known


@contextlib.contextmanager
def _attribute(owner: Any, name: str, new: Any) -> Iterator[None]:
    own = vars(owner).get(name, _attribute)
    setattr(owner, name, new)
    try:
        yield
    finally:
        if own is _attribute:
            delattr(owner, name)
        else:
            setattr(owner, name, own)


def _seed_aiohttp_masks(seed: int) -> None:
    """aiohttp's masks come from one Random that is a default argument, seeded by the process."""
    writer = sys.modules.get("aiohttp._websocket.writer")
    if writer is None:
        return
    defaults = writer.WebSocketWriter.__init__.__defaults__ or ()
    for default in defaults:
        if isinstance(default, random.Random):
            default.seed(seed)
