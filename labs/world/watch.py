"""Stops a program that computes without end, or waits in a call that never returns.

Virtual time stands still while code runs, so such a line would hang the run for ever. A watching
thread looks at the CPU time of the thread that runs the world: a busy machine does not trip it.
Where there are no threads (in a browser) the page's Stop button does this work.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from labs.errors import BlockingCall
from labs.world.loop import WorldLoop
from labs.world.where import called_by, running_at

LONGEST = 2.0  # seconds of computing in one step, without an await
DOZING = 2.0  # seconds of waiting in one step, in a call that holds up everybody: it is said
ASLEEP = 5.0  # ... and interrupted
WAKES = 0.01  # seconds of CPU between two looks: less is a call that waits again and again
PATIENCE = 8  # looks without a run to look at, after which the thread ends


class Stopped(BaseException):
    """Raised inside a step that never ends; no Exception, so `except Exception` lets it pass."""


@contextlib.contextmanager
def watched(loop: WorldLoop, longest: float = LONGEST, asleep: float = ASLEEP) -> Iterator[None]:
    """For the length of the block, a step that takes too long is ended; limits in seconds."""
    if sys.platform == "emscripten":
        yield
        return
    watch = Watch(loop, longest, asleep)
    WATCHER.look_at(watch)
    try:
        yield
    finally:
        while watch.loop is not None:
            with contextlib.suppress(Stopped):  # one that came too late is raised here
                watch.end()


class Watch:
    """What the watching thread knows of the thread that made it."""

    def __init__(self, loop: WorldLoop, longest: float, asleep: float) -> None:
        self.loop: WorldLoop | None = loop
        self.longest, self.asleep, self.pause = longest, asleep, longest / 8
        self.step, self.since, self.idle = -1, 0.0, 0.0
        self.at, self.spent = time.monotonic(), 0.0  # of the last look: when, and CPU until then
        self.turn = threading.RLock()  # held for each look, and by the run for good at its end
        self.thread = threading.get_ident()
        self.state = Path(f"/proc/self/task/{threading.get_native_id()}/stat")
        self.used = _cpu_clock(self.thread)

    def end(self) -> None:
        """From here on nothing is raised in the run's thread, and nothing of the run is kept."""
        self.turn.acquire()  # asked for again, it is ours already
        # To take one back (SetAsyncExc with None) would leave the eval breaker set for ever: that
        # hangs a tracer and slows what runs later. One that came too late is raised right here.
        self.loop = None

    def looked(self) -> bool:
        """Look at the step that runs, to be done eight times in `longest`; False after the end."""
        if not self.turn.acquire(blocking=False):
            return False
        try:
            self._look()
        finally:
            self.turn.release()
        return True

    def _look(self) -> None:
        """Note a new step; stop one that computes too long, wake one that waits too long."""
        # On a busy machine a look comes late; after a night in a closed laptop, very late.
        passed, spent = min(time.monotonic() - self.at, 2 * self.pause), self.used() - self.spent
        self.at, self.spent = time.monotonic(), self.used()
        if self.loop is not None and self.loop.steps != self.step:
            self.step, self.since, self.idle = self.loop.steps, self.spent, 0.0
            self.pause = self.longest / 8
        elif self.spent - self.since > self.longest:
            self.stop(f"has computed for {self.longest:g} s without an await")
            # `except:` may have caught it; the next one comes where that is not ready.
            self.pause = 0.001
        elif self._sleeps():
            self.idle += passed
            self._dozes()
        elif spent > WAKES:
            self.idle = 0.0

    def _dozes(self) -> None:
        if self.idle > DOZING and self.loop is not None and not self._debugged():
            says = f"{running_at(self.thread)} held up everybody for {DOZING:g} s and more"
            self.loop.network.diagnose(f"{says}, in a call that is no await")
        if self.idle > self.asleep:
            self.wake(f"has waited for {self.asleep:g} s in a call that is no await")
            self.idle = 0.0

    def stop(self, says: str) -> None:
        """Raise Stopped where the thread computes."""
        self._tell(says)
        target, error = ctypes.c_ulong(self.thread), ctypes.py_object(Stopped)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(target, error)

    def wake(self, says: str) -> None:
        """Interrupt a system call; only a main thread can be."""
        if self.thread == threading.main_thread().ident and not self._debugged():
            self._tell(says)
            signal.pthread_kill(self.thread, signal.SIGINT)

    def _tell(self, says: str) -> None:
        if self.loop is not None and self.loop.stopped_by is None:
            says = f"{running_at(self.thread)} {says}: nobody else can run meanwhile"
            self.loop.stopped_by = BlockingCall(says)

    def _debugged(self) -> bool:
        return called_by(self.thread, "bdb.py")

    def _sleeps(self) -> bool:
        try:
            return self.state.read_text().rpartition(") ")[2].startswith("S")
        except OSError:  # no Linux: only what computes is noticed
            return False


class Watcher:
    """The thread that looks at runs: one for all of them, since to start it and to wait for its
    end takes longer than a short run. It ends by itself when there has been none for a while.
    """

    def __init__(self) -> None:
        self.watch: Watch | None = None
        self.process = 0  # in which the thread runs; a fork has none
        self.coming = threading.Lock()

    def look_at(self, watch: Watch) -> None:
        """Look at this run from now on."""
        with self.coming:
            self.watch = watch
            if self.process != os.getpid():
                _thread.start_new_thread(self._look_on, ())  # a Thread's start waits for it
                self.process = os.getpid()

    def _look_on(self) -> None:
        idle, watch = 0, self.watch
        try:
            while not self._leaves(idle, watch):
                watch = self.watch
                time.sleep(watch.pause if watch is not None else LONGEST / 8)
                idle = 0 if watch is not None and watch.looked() else idle + 1
        except BaseException:
            self.process = 0  # the next run gets another thread
            raise

    def _leaves(self, idle: int, watch: Watch | None) -> bool:
        """Whether the thread ends; not if another run has come since its last look."""
        with self.coming:
            if leaves := idle > PATIENCE and watch is self.watch:
                self.watch, self.process = None, 0
            return leaves


WATCHER = Watcher()


def _cpu_clock(thread: int) -> Callable[[], float]:
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(thread)
        return lambda: time.clock_gettime(clock)
    return time.monotonic
