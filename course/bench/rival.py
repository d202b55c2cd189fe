"""A virtual day of idle sockets, in this world and in `simloop`'s, by turns.

Run by an interpreter that has simloop; prints one JSON list of [ours, theirs].
"""

from __future__ import annotations

import json
import sys
from functools import partial
from time import process_time
from typing import Any

from course.bench.programs import idle
from labs.world.run import run


async def _here(_: Any, **known: Any) -> float:
    return await idle("auction", **known)


def ours(seconds: float) -> float:
    """Virtual seconds a second in this world, its journal included."""
    main = partial(_here, clock=process_time, seconds=seconds)
    return float(run(main, max_time=2 * seconds).result)


def theirs(seconds: float) -> float:
    """The same in simloop's."""
    import simloop  # type: ignore[import-not-found]  # needs Python 3.12; not ours to require

    loop = simloop.SimLoop(seed=7)
    try:
        machine = loop.net.host("auction")  # the heartbeats cross no link: the least to simulate
        task = machine.create_task(idle("auction", process_time, seconds))
        return float(loop.run_until_complete(task))
    finally:
        loop.close()


def compare(rounds: int, seconds: float) -> list[tuple[float, float]]:
    """Pairs (ours, theirs)."""
    return [(ours(seconds), theirs(seconds)) for _ in range(rounds)]


if __name__ == "__main__":
    json.dump(compare(int(sys.argv[1]), float(sys.argv[2])), sys.stdout)
