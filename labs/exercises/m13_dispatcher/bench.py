"""The bench: workers on one shelf, receivers on the wire, and a watch that looks on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from labs.exercises.crash import Process, until_killed
from labs.exercises.faults import NotAsked
from labs.exercises.m13_dispatcher.shelf import Event, Store
from labs.exercises.m13_dispatcher.watch import Watch
from labs.exercises.m13_dispatcher.wire import Http, Receiver, Script
from labs.exercises.scenario import Stage


@dataclass(slots=True)
class Worker:
    """One process with a dispatcher in it."""

    process: Process
    store: Store
    dispatcher: Any
    stage: Stage
    returned: float | None = None

    def start(self) -> None:
        """Let its `run` run, on the machine of the bank."""
        with self.stage.world.host("bank"):
            self.stage.play(self._life())

    async def publish(self, change: str, event: Event) -> Any:
        """What `publish` returns; None when the process was killed in it."""
        with self.stage.world.host("bank"):
            publish = self.stage.call(self.dispatcher.publish, change, event)
            return await until_killed(publish)

    async def _life(self) -> None:
        try:
            running = self.dispatcher.run()
            if inspect.isawaitable(running):
                await until_killed(running)
        finally:
            self.returned = self.stage.world.now


@dataclass(slots=True)
class Bench(Watch):
    """What a scenario is built on."""

    async def worker(
        self, dies_at: int | None = None, stops: Callable[[], Any] | None = None
    ) -> Worker:
        """A fresh process; `stops` is awaited before it hears an answer."""
        self.workers += 1
        process = Process(dies_at)
        store = Store(self.shelf, process, self, lambda: float(self.stage.world.now))
        given = self.stage.fresh()
        parts = (self.stage.clock, Http(process, self, stops), store)
        made = await self.stage.call(given.Dispatcher, *parts, Random(self.stage.rng.random()))
        for name in ("publish", "run"):
            if not callable(getattr(made, name, None)):
                raise NotAsked(f"`Dispatcher` has no method `{name}`")
        return Worker(process, store, made, self.stage)

    async def receiver(self, host: str, script: Script) -> Receiver:
        """An endpoint that listens."""
        receiver = Receiver(script)
        await receiver.serve(self.stage.world, host)
        return receiver

    def seed(self, number: int, host: str = "auction", key: str = "", attempt: int = 1) -> str:
        """The id of one more delivery that waits on the shelf."""
        self.shelf.add(event := self.event(number, host, key), attempt, self.now)
        return event.id

    def event(self, number: int, host: str = "auction", key: str = "") -> Event:
        """An event for an endpoint."""
        self.known.add(name := f"evt_{number}")
        return Event(name, f"http://{host}/", key, b'{"n": %d}' % number, self.now)
