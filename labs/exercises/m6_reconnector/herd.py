"""Two hundred reconnectors that lose their lines in the same instant, in front of one small door.

Nothing crosses the wire here: `connect` asks the door directly, so that many clients cost little.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from labs.exercises.asked import made
from labs.exercises.m6_reconnector.client import ABNORMAL, Line
from labs.exercises.scenario import Stage
from labs.exercises.verdict import Finding
from labs.journal import Note
from labs.messages import timeline
from labs.outcome import Run

CLIENTS, CAPACITY = 200, 20  # and how many of them get in within a tenth of a second
LOST_AT, BACK_AT, UNTIL = 1.0, 3.0, 6.0  # seconds
MOST = CLIENTS * 45 // 100  # full jitter with the base of 0.5 s peaks below a third


class Door:
    """A server that everybody loses at LOST_AT and that is back, with room for few, at BACK_AT."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.world = stage, stage.world
        self.dialled: Counter[int] = Counter()  # by the tenth of a second, numbered from 1
        self.admitted: Counter[int] = Counter()

    def connect_of(self, line: Line) -> Callable[[], Coroutine[Any, Any, Line]]:
        """The `connect` of one client."""

        async def connect() -> Line:
            if self.world.now >= LOST_AT:
                await self._ask()
                line.end = asyncio.get_running_loop().create_future()
            else:
                loop = asyncio.get_running_loop()
                line.end = loop.create_future()
                loop.call_later(LOST_AT - self.world.now, line.end.set_result, ABNORMAL)
            return line

        return connect

    async def _ask(self) -> None:
        self.dialled[self.tenth() + 1] += 1
        await asyncio.sleep(0.02)
        tenth = self.tenth() + 1
        if self.world.now < BACK_AT or self.admitted[tenth] >= CAPACITY:
            raise ConnectionRefusedError("the server is busy")
        self.admitted[tenth] += 1

    def tenth(self) -> int:
        """How many tenths of a second have passed."""
        return int(round(float(self.world.now) * 10, 6))

    async def watch(self) -> None:
        """Write down, tenth by tenth, how many dialled, where it was many."""
        self.world.host("auction")
        while self.world.now < UNTIL:
            await asyncio.sleep(0.1)
            if (count := self.dialled[self.tenth()]) > CLIENTS / 20:
                says = f"dialled {count} times in this tenth of a second, by {CLIENTS} clients"
                self.world.note(says, "auction")


async def herd(stage: Stage) -> Counter[int]:
    """How often the door was dialled in each tenth of a second."""
    door = Door(stage)
    for _ in range(CLIENTS):
        connect, rng = door.connect_of(Line(stage)), Random(stage.rng.random())
        given = (connect, stage.clock, rng, 0.5, 20.0, len)
        reconnector = await made(stage, "Reconnector", *given, run=(), online=())
        stage.play(stage.call(reconnector.run))
    await door.watch()
    return Counter(door.dialled)  # a copy: the end of the run may wake somebody up


def in_step(run: Run) -> Finding | None:
    """Never did nearly half of the clients dial within the same tenth of a second."""
    if not isinstance(run.result, Counter) or not run.result:
        return None
    tenth, most = max(run.result.items(), key=lambda each: (each[1], -each[0]))
    if most <= MOST:
        return None
    began = (tenth - 1) / 10
    says = (
        f"{CLIENTS} clients had lost their lines at {LOST_AT:.1f} s, and they dialled {most} times "
        f"within the tenth of a second from {began:.1f} s on"
    )
    rows = (row for row in timeline(run.journal) if isinstance(row.what, Note))
    number = next((row.number for row in rows if round(row.time * 10) == tenth), None)
    return Finding("no_jitter", says, number, began)
