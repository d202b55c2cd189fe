"""The wall clocks of machines whose clock is wrong, in real mode: `time.time()` alone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

from labs.world.clock import SKEW
from labs.world.place import HERE
from labs.world.real_loop import RealLoop
from labs.world.swap import swapped

real_time = time.time


def skewed_time() -> float:
    """Seconds since 1970, as the machine believes on which the caller runs."""
    inside = isinstance(asyncio._get_running_loop(), RealLoop)
    return real_time() + (SKEW.get(HERE.get(""), 0.0) if inside else 0.0)


@contextlib.contextmanager
def skewed_clocks() -> Iterator[None]:
    """For the length of the block, programs of a real-time run see their machine's clock."""
    SKEW.clear()
    with swapped(time, "time", skewed_time):
        yield
