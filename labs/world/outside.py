"""Calls that would leave the world or hold it up, refused with the line that makes them.

Nobody else can run while such a call waits, and what it waits for may be one of them. Other
threads, and everything outside a run, are left alone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from labs.errors import BlockingCall, Escape, WorldError
from labs.world.loop import WorldLoop
from labs.world.where import called_at

Replacement = tuple[Any, str, Any]  # of this object, this attribute, by this

real_sleep = time.sleep


def running_world() -> WorldLoop | None:
    """The loop of the world in which the caller runs."""
    loop = asyncio._get_running_loop()
    return loop if isinstance(loop, WorldLoop) else None


def refused_calls() -> list[Replacement]:
    """What stands in for the standard library's blocking calls during a run."""
    methods = ("connect", "connect_ex", "bind", "sendto")
    names = ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo")
    replaced: list[Replacement] = [
        *[(socket.socket, name, _no_socket(name)) for name in methods],
        *[(socket, name, _outside(socket, name, USE_ASYNCIO)) for name in names],
        (subprocess.Popen, "__init__", _outside(subprocess.Popen, "__init__", NO_PROCESS)),
        (os, "system", _outside(os, "system", NO_PROCESS)),
        (asyncio, "run", _run_again),
    ]
    with suppress(ImportError):  # a browser's Python comes without it
        import sqlite3

        replaced += [(sqlite3, "connect", _connect_without_waiting(sqlite3.connect))]
    return replaced


USE_ASYNCIO = "use asyncio (websockets, aiohttp) in here, or mode='real'"
NO_PROCESS = "a machine of this world runs what start() is given"


def world_sleep(seconds: float) -> None:
    """Hold up everybody: the clock moves on and nobody else has run."""
    loop = running_world()
    if loop is None:
        real_sleep(seconds)
    elif loop.inline:
        loop.slept_inline += seconds
    else:
        loop.now = round(loop.now + seconds, 9)
        says = f"time.sleep({seconds:g}) at {called_at()} held up everything for {seconds:g} s"
        loop.network.diagnose(f"{says}: await asyncio.sleep({seconds:g}) lets others run")


def _outside(owner: Any, name: str, instead: str) -> Callable[..., Any]:
    real = getattr(owner, name)
    called = f"{owner.__name__}.{name}".removesuffix(".__init__")

    def refused(*args: Any, **named: Any) -> Any:
        if running_world() is None:
            return real(*args, **named)
        raise Escape(f"{called}() at {called_at()} reaches outside this world: {instead}")

    return refused


def _no_socket(name: str) -> Callable[..., Any]:
    real = getattr(socket.socket, name)

    def refused(self: socket.socket, *args: Any) -> Any:
        if running_world() is None:
            return real(self, *args)
        self.close()
        says = f"socket.{name}() at {called_at()} is a blocking call to the world outside"
        raise BlockingCall(f"{says}: {USE_ASYNCIO}")

    return refused


real_run = asyncio.run


def _run_again(main: Any, **named: Any) -> Any:
    if running_world() is None:
        return real_run(main, **named)
    main.close()
    raise WorldError(f"asyncio.run() at {called_at()} is inside a run already: await its coroutine")


def _connect_without_waiting(real: Callable[..., Any]) -> Callable[..., Any]:
    # A locked database makes sqlite3 sleep inside a C call for `timeout` seconds. In one thread
    # nobody can unlock it meanwhile, so the answer is the same at once: "database is locked".
    def connect(database: Any, *args: Any, **named: Any) -> Any:
        if running_world() is not None:
            args = (0.0, *args[1:]) if args else ()
            named = named if args else {**named, "timeout": 0.0}
        return real(database, *args, **named)

    return connect
