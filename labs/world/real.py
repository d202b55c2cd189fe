"""A world in real time: the same `main(world)` on sockets of this computer.

Machines and links have the methods of world.py. What the kernel cannot be made to do for one
program alone is told: a machine that crashes here is frozen for ever, but its process lives on.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from time import monotonic
from typing import Any

from labs.errors import OutOfTime, WorldError
from labs.journal import Fault, Journal
from labs.world import clock
from labs.world.nested import outside_any_loop
from labs.world.place import HERE, LIFE
from labs.world.real_afterwards import clean_up
from labs.world.real_clock import skewed_clocks
from labs.world.real_network import RealNetwork
from labs.world.real_watch import Watch
from labs.world.tasks import unheard_failures
from labs.world.where import waiting_at, where
from labs.world.world import Host, World

Main = Callable[[Any], Coroutine[Any, Any, Any]]

CRASHED = "crashed inside this process: none of its code ran again, as after kill -9, but memory"
CRASHED += " that it shared with the others lives on; a real kill -9 takes a process of its own"

SKEWED = "skew moves time.time() alone: in real mode datetime and the other clocks are the system's"


class RealHost(Host):
    """A machine of a real-time world."""

    network: RealNetwork  # type: ignore[assignment]  # the twin of Network

    def crash(self) -> None:
        """End its processes as `kill -9` does: no `finally` runs, the kernel closes the sockets."""
        life = self.network.life_of(self.name)
        self._die("crash", f"{self.name} crashes: its kernel closes the sockets, no finally runs")
        self.network.proxy.do(self.network.proxy.crash, self.name)
        self.network.loop.kill(life)
        self.network.diagnose(f"{self.name} {CRASHED}")

    def power_cut(self) -> None:
        """Switch the machine off: silence; nobody is told."""
        life = self.network.life_of(self.name)
        self._die("power cut", f"{self.name} loses power: nobody is told")
        self.network.off.add(self.name)
        self.network.proxy.do(self.network.proxy.fall_silent, self.name)
        self.network.loop.kill(life)

    def restart(self) -> None:
        """Boot, and start again what start() had started."""
        self.network.proxy.do(self.network.proxy.forget, self.name)
        super().restart()

    @property
    def skew(self) -> float:
        """Seconds by which its wall clock is ahead of the others': time.time() only."""
        return clock.SKEW.get(self.name, 0.0)

    @skew.setter
    def skew(self, seconds: float) -> None:
        Host.skew.fset(self, seconds)  # type: ignore[attr-defined]  # mypy takes it for a float
        self.network.diagnose(f"{self.name}'s {SKEWED}")

    def read_again(self) -> None:
        """Its programs read what has piled up, and go on."""
        self.network.stalled.discard(self.name)
        self.network.end_fault("stall", self.name)


class RealWorld(World):
    """What `main(world)` is given in real mode, and what runs it."""

    mode = "real"
    machine = RealHost
    network: RealNetwork  # type: ignore[assignment]  # the twin of Network

    def __init__(self, seed: int = 7, at: str = "client") -> None:
        super().__init__(RealNetwork(seed))  # type: ignore[arg-type]  # the twin of Network
        self.at = at
        self.overdue = False

    def reset(self, a: str, b: str) -> None:
        """Reset every connection between two machines, as a box in the middle can: RST to both."""
        says = f"every connection between {a} and {b} is reset"
        self.network.log.append(Fault(self.now, "reset", (a, b), None, says))
        self.network.proxy.do(self.network.proxy.reset, a, b)

    def journal(self) -> Journal:
        """What crossed the wire until now, or until the run ended."""
        return self.network.journal()

    @property
    def diagnoses(self) -> list[str]:
        """Sentences about what the programs did wrong, or could not have."""
        return self.network.diagnoses

    # -- running ---------------------------------------------------------------------------

    def run(self, main: Main, max_time: float = 30.0) -> Any:
        """What `await main(self)` returned, after everything it left behind has been removed.

        Raises what main raised; OutOfTime after `max_time` real seconds.
        """
        network, loop = self.network, self.network.loop
        clock.SKEW.clear()
        with outside_any_loop(), skewed_clocks(), _interruptible():
            watch = Watch(loop, monotonic() + max_time, network.diagnose)
            loop.set_exception_handler(self._keep)
            try:
                return self._drive(main, max_time)
            except KeyboardInterrupt:
                if not watch.overdue:
                    # A fresh one: a notebook takes seconds to print asyncio's own frames.
                    raise KeyboardInterrupt from None
                raise OutOfTime(_over(max_time, f"{watch.overdue} does not yield")) from None
            finally:
                watch.stop()
                self._clean_up()

    def _drive(self, main: Main, max_time: float) -> Any:
        loop = self.network.loop
        self.network.introduce(self.at)
        here, life = HERE.set(self.at), LIFE.set(self.network.life_of(self.at))
        try:
            coroutine = main(self)
            if not asyncio.iscoroutine(coroutine):
                raise WorldError(f"{getattr(main, '__name__', 'main')} must be an async function")
            task = loop.create_task(coroutine, name="main")
            loop.run_until_complete(asyncio.wait([task], timeout=max_time))
        finally:
            HERE.reset(here)
            LIFE.reset(life)
        if not task.done():
            raise OutOfTime(_over(max_time, f"main still waits at {waiting_at(task)}"))
        return task.result()

    def _clean_up(self) -> None:
        """Journal and result are sealed; let tasks finish, close what was killed, leave nothing."""
        self.network.tape.seal()
        network, loop = self.network, self.network.loop
        for says in (*unheard_failures(loop.tasks, loop.dead_lives), *network.strangers()):
            network.diagnose(says)
        with _deaf_to_interrupts():
            clean_up(self.network.loop, self.network.proxy)

    def _keep(self, _: Any, context: dict[str, Any]) -> None:
        if self.network.tape.sealed:
            return
        error = context.get("exception")
        kind = type(error).__name__ if error is not None else "an error"
        at = where(error) if error is not None else "a library"
        says = context.get("message", "a callback failed")
        self.network.diagnose(f"{says}: {kind} at {at}")


def _over(limit: float, where_it_is: str) -> str:
    return f"the run was given {limit:g} s and they are over: {where_it_is}"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """For the length of the block, Ctrl-C and a notebook's stop button reach the run at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
