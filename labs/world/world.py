"""A world in virtual time: machines by name, links between them, and the harm done to both.

It is what `main(world)` is given. The real-time twin with the same methods is in real.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from random import Random
from typing import Any, Self

from labs.errors import WorldError
from labs.journal import Ended, Fault, Note
from labs.world import clock
from labs.world.link import Link
from labs.world.network import Network
from labs.world.place import HERE, LEFT, LIFE
from labs.world.sender import RST

Program = Callable[..., Coroutine[Any, Any, Any]]


class Host:
    """A machine: what is started on it stays on it, and ends with it."""

    def __init__(self, network: Network, name: str) -> None:
        self.network, self.name = network, name
        self.programs: list[tuple[Program, tuple[Any, ...]]] = []
        self.down = False

    def __repr__(self) -> str:
        return f"Host({self.name!r})"

    def __enter__(self) -> Self:
        LEFT.set((HERE.get(), LIFE.get(), LEFT.get()))
        HERE.set(self.name)
        LIFE.set(self.network.life_of(self.name))
        return self

    def __exit__(self, *_: object) -> None:
        here, life, before = LEFT.get()
        HERE.set(here)
        LIFE.set(life)
        LEFT.set(before)

    def start(self, program: Program, *args: Any) -> asyncio.Task[Any]:
        """The task that runs `program(*args)` on this machine; restart() starts it again."""
        if not callable(program):
            raise WorldError("start() takes the function and its arguments, not a coroutine")
        if self.down:
            raise WorldError(f"{self.name} is down and runs nothing: restart() it first")
        self.programs.append((program, args))
        return self._start(program, *args)

    def _start(self, program: Program, *args: Any) -> asyncio.Task[Any]:
        context = copy_context()
        context.run(HERE.set, self.name)
        context.run(LIFE.set, self.network.life_of(self.name))
        name = getattr(program, "__name__", "program")
        return self.network.loop.create_task(program(*args), name=name, context=context)

    def crash(self) -> None:
        """End its processes as `kill -9` does: no `finally` runs, the kernel closes the sockets."""
        self._die("crash", f"{self.name} crashes: its kernel closes the sockets, no finally runs")
        for endpoint in self.network.endpoints_of(self.name):
            endpoint.dead = True
            endpoint.abort()

    def power_cut(self) -> None:
        """Switch the machine off: silence; nobody is told."""
        self._die("power cut", f"{self.name} loses power: nobody is told")
        self.network.off.add(self.name)
        for endpoint in self.network.endpoints_of(self.name):
            endpoint.lose_power()

    def restart(self) -> None:
        """Boot, and start again what start() had started; a machine that runs is killed first."""
        network = self.network
        if not self.down:
            self.crash()
        self.down = False
        network.off.discard(self.name)
        network.end_fault("down", self.name)
        network.log.append(Fault(network.loop.now, "restart", (self.name,), None, "restarts"))
        for program, args in self.programs:
            self._start(program, *args)

    def _die(self, fault: str, says: str) -> None:
        network = self.network
        task = asyncio.current_task(network.loop)
        life = network.life_of(self.name)
        if getattr(task, "life", None) is life:
            raise WorldError(f"{self.name} runs the program that would crash it")
        listeners = [item for item in network.listeners.values() if item.host == self.name]
        if any(listener.owner is not life for listener in listeners):
            why = "its server was started elsewhere: use world.host(name).start(program)"
            raise WorldError(f"{self.name} cannot crash, {why}")
        for listener in listeners:
            listener.close()
        self.down = True
        network.loop.dead_lives.add(life)
        network.lives[self.name] = object()
        network.begin_fault("down", (self.name,), fault, says, self.name)

    @property
    def skew(self) -> float:
        """Seconds by which its wall clock is ahead of the others'."""
        return clock.SKEW.get(self.name, 0.0)

    @skew.setter
    def skew(self, seconds: float) -> None:
        network = self.network
        clock.SKEW[self.name] = seconds
        says = f"{self.name}'s clock is {abs(seconds):g} s {'ahead' if seconds >= 0 else 'behind'}"
        network.log.append(Fault(network.loop.now, "skew", (self.name,), None, says))

    def stop_reading(self) -> None:
        """Its programs stop reading: windows fill, and senders have to wait."""
        self.network.stalled.add(self.name)
        says = f"{self.name} stops reading"
        self.network.begin_fault("stall", (self.name,), "stop reading", says, self.name)

    def read_again(self) -> None:
        """Its programs read what has piled up, and go on."""
        self.network.stalled.discard(self.name)
        self.network.end_fault("stall", self.name)
        for endpoint in self.network.endpoints_of(self.name):
            endpoint.read_inbox()


class World:
    """What a lab's `main(world)` is given: `now`, machines, links, faults, notes, randomness."""

    mode = "virtual"
    machine = Host

    def __init__(self, network: Network) -> None:
        self.network = network
        self.rng = Random(f"{network.seed}/world")
        self._hosts: dict[str, Host] = {}

    @property
    def now(self) -> float:
        """Virtual seconds since the run began."""
        return self.network.loop.now

    def host(self, name: str) -> Host:
        """The machine of that name; naming it makes it."""
        if name not in self._hosts:
            self.network.introduce(name)
            self._hosts[name] = self.machine(self.network, name)
        return self._hosts[name]

    def link(self, a: str, b: str) -> Link:
        """What lies between two machines: latency, jitter, bandwidth, segment_size."""
        return self.network.link(a, b)

    def cut(self, a: str, b: str, one_way: bool = False) -> None:
        """Let nothing through (one way: from a to b only); bytes wait, as TCP makes them."""
        ways = ((a, b),) if one_way else ((a, b), (b, a))
        for sender, receiver in ways:
            self.network.path(sender, receiver).cut = True
        arrow = "from" if one_way else "between"
        to = "to" if one_way else "and"
        says = f"nothing gets through {arrow} {a} {to} {b}, nobody is told"
        self.network.begin_fault("cut", (a, b), "cut", says, *ways)

    def heal(self, a: str, b: str) -> None:
        """Let bytes through again; what had to wait is delivered."""
        for sender, receiver in ((a, b), (b, a)):
            path = self.network.path(sender, receiver)
            if path.cut:
                path.cut = False
                self.network.end_fault("cut", (sender, receiver))
                self.network.release(path)

    def reset(self, a: str, b: str) -> None:
        """Reset every connection between two machines, as a box in the middle can: RST to both."""
        network, now = self.network, self.now
        says = f"every connection between {a} and {b} is reset"
        network.log.append(Fault(now, "reset", (a, b), None, says))
        for near, far in network.connections:
            if {near.here, far.here} == {a, b} and not (near.gone and far.gone):
                network.lose_in_flight(near, far, "reset")
                for end in (near, far):
                    end.ended = True
                    network.log.append(Ended(now, end.connection, end.here, end.there, RST, now))
                    if not end.gone and end.protocol is not None:
                        end.hear_reset()

    def refuse(self, name: str) -> None:
        """Refuse new connections to a machine, as if nobody listened."""
        self.network.refusing.add(name)
        says = f"{name} refuses connections"
        self.network.begin_fault("refuse", (name,), "refuse", says, name)

    def accept(self, name: str) -> None:
        """Accept connections again."""
        self.network.refusing.discard(name)
        self.network.end_fault("refuse", name)

    def note(self, says: str, host: str | None = None) -> None:
        """Write a line on a machine's lane of the diagram (by default: the one we run on)."""
        self.network.log.append(Note(self.now, host or HERE.get(), says))
