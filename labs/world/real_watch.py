"""Looks on while a run in real time goes on: names a line that does not yield, ends a run.

In real mode a blocking call blocks: nobody else runs meanwhile. A watching thread knocks at the
loop; when there is no answer for a while and the same line is still running, that is said.
"""

from __future__ import annotations

import asyncio
import ctypes
import signal
import threading
from collections.abc import Callable
from time import monotonic

from labs.world.where import running_at

KNOCK = 0.05  # seconds between looks
PATIENCE = 0.5  # seconds without an answer before a line is called blocking
GRACE = 0.5  # seconds after the last permitted one before a blocked thread is interrupted


class Watch:
    """A thread beside the run. `overdue` tells that it was this watch that interrupted."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, deadline: float, tell: Callable[[str], None]
    ) -> None:
        self.loop, self.deadline, self.tell = loop, deadline, tell
        self.overdue = ""
        self._watched = threading.get_ident()
        self._answered = monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._done.set()
        self._thread.join(timeout=5)

    def _answer(self) -> None:
        self._answered = monotonic()

    def _watch(self) -> None:
        seen = told = ""
        while not self._done.wait(KNOCK):
            self.loop.call_soon_threadsafe(self._answer)
            if monotonic() - self._answered < PATIENCE:
                continue
            at = running_at(self._watched)
            late = monotonic() > self.deadline + GRACE
            if at != told and at != "a library" and (late or at == seen):
                told = at
                self.tell(f"{at} did not yield: nobody else could run meanwhile")
            seen = at
            if late and not self.overdue:
                self.overdue = at
                interrupt(self._watched)


def interrupt(thread: int) -> None:
    """Raise KeyboardInterrupt in a thread; in the main thread it also ends a time.sleep()."""
    if thread == threading.main_thread().ident:
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        target, error = ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(target, error)
