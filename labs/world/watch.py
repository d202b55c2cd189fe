"""Stops a program that computes without end, and names the line.

Virtual time stands still while code runs, so an endless loop would hang for ever. A watching
thread looks at the CPU time of the thread that runs the world: a busy machine does not trip it.
Where there are no threads (in a browser) the page's Stop button does this work.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator

from labs.errors import BlockingCall
from labs.world.loop import WorldLoop
from labs.world.where import running_at

LONGEST = 2.0  # seconds of computing in one step, without an await


class Stopped(BaseException):
    """Raised inside a step that never ends; not an Exception, so that `except Exception` lets it
    pass."""


@contextlib.contextmanager
def watched(loop: WorldLoop, longest: float = LONGEST) -> Iterator[None]:
    """For the length of the block, a step that computes for too long is ended."""
    thread = threading.get_ident()
    used = _cpu_clock(thread)
    done = threading.Event()

    def watch() -> None:
        step, since = -1, used()
        while not done.wait(longest / 8):
            if loop.steps != step:
                step, since = loop.steps, used()
            elif used() - since > longest:
                _stop(loop, thread, longest)
                since = used()

    if sys.platform == "emscripten":
        yield
        return
    watcher = threading.Thread(target=watch, name="endless-loop-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _stop(loop: WorldLoop, thread: int, longest: float) -> None:
    says = f"{running_at(thread)} has computed for {longest:g} s without an await"
    loop.stopped_by = BlockingCall(f"{says}: nobody else can run meanwhile")
    target, error = ctypes.c_ulong(thread), ctypes.py_object(Stopped)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(target, error)


def _cpu_clock(thread: int) -> Callable[[], float]:
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(thread)
        return lambda: time.clock_gettime(clock)
    return time.monotonic
