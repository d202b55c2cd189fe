import asyncio
import datetime
import os
import random
import secrets
import threading
import time
import uuid
from datetime import datetime as early_datetime
from time import monotonic as early_monotonic
from time import sleep as early_sleep

import pytest

from labs import run

NEW_YEAR = 1_767_225_600.0  # 2026-01-01T00:00:00Z


def test_virtual_clocks():
    """Every clock of the standard library shows virtual time inside a world."""

    async def main(world):
        await asyncio.sleep(3500.5)
        return {
            "wall": time.time(),
            "wall_ns": time.time_ns(),
            "monotonic": time.monotonic(),
            "monotonic_ns": time.monotonic_ns(),
            "perf_counter": time.perf_counter(),
            "now": datetime.datetime.now(datetime.UTC),
            "today": datetime.date.today(),
        }

    outcome = run(main)
    assert outcome.wall == NEW_YEAR + 3500.5
    assert outcome.wall_ns == 1_767_229_100_500_000_000
    assert outcome.monotonic == outcome.perf_counter == 3500.5
    assert outcome.monotonic_ns == 3_500_500_000_000
    assert outcome.now.isoformat() == "2026-01-01T00:58:20.500000+00:00"
    assert outcome.today == datetime.date(2026, 1, 1)


def test_names_bound_early():
    """`from time import sleep` above main does not escape the world's clock."""

    async def main(world):
        early_sleep(5)
        return early_monotonic(), early_datetime.now(datetime.UTC).second

    begun = time.monotonic()
    assert run(main).result == (5.0, 5)
    assert time.monotonic() - begun < 2
    assert early_sleep is time.sleep
    assert early_datetime is datetime.datetime


def test_names_bound_early_in_a_namespace_without_a_module():
    """The same holds for a program that was made by exec(), as graders and cells make them."""
    names = {}
    exec("from time import time as t\nasync def main(world): return t()", names)

    assert run(names["main"]).result == NEW_YEAR
    assert names["t"] is time.time


def test_a_datetime_of_the_world_is_an_ordinary_one():
    """What datetime.now(), a constructor or strptime return is the standard library's type."""

    async def main(world):
        kind = datetime.datetime
        made = [kind.now(), kind(2026, 1, 2), kind.strptime("2026", "%Y"), kind.today()]
        assert all(isinstance(one, kind) for one in made)
        assert issubclass(kind, datetime.date)
        return made

    assert {type(one) for one in run(main).result} == {datetime.datetime}


def test_other_threads_keep_real_time():
    """A thread beside the run sees the real clock; only code inside a world sees the world's."""
    seen = []

    async def main(world):
        thread = threading.Thread(target=lambda: seen.append(time.time()))
        thread.start()
        thread.join()
        return time.time()

    before = time.time()
    assert run(main).result == NEW_YEAR
    assert before <= seen[0] <= time.time()


def test_everything_is_put_back():
    """After a run, also one that failed, the standard library is what it was."""
    watched = [
        (time, "time"),
        (time, "monotonic"),
        (time, "sleep"),
        (datetime, "datetime"),
        (os, "urandom"),
        (os, "system"),
        (random, "_urandom"),
        (asyncio, "run"),
        (asyncio, "Task"),
        (__import__("socket"), "getaddrinfo"),
        (__import__("sqlite3"), "connect"),
        (__import__("websockets.asyncio.server", fromlist=["*"]).serve, "__kwdefaults__"),
    ]
    before = [getattr(owner, name) for owner, name in watched]
    connect = "connect" in vars(__import__("socket").socket)

    async def main(world):
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        run(main)
    assert [getattr(owner, name) for owner, name in watched] == before
    assert ("connect" in vars(__import__("socket").socket)) == connect


def test_randomness_comes_from_the_seed():
    """os.urandom, secrets, uuid4 and random give the same bytes for the same seed."""

    async def main(world):
        return os.urandom(8), secrets.token_hex(8), str(uuid.uuid4()), random.random()

    assert run(main, seed=1).result == run(main, seed=1).result != run(main, seed=2).result


def test_sleep_in_an_executor_costs_virtual_time_only_there():
    """to_thread(time.sleep) delays its caller by virtual seconds, and nobody else."""

    async def main(world):
        def slow():
            time.sleep(2)
            return time.monotonic()

        ticks = []

        async def tick():
            for _ in range(4):
                await asyncio.sleep(0.5)
                ticks.append(world.now)

        ticking = asyncio.create_task(tick())
        inside = await asyncio.to_thread(slow)
        await ticking
        return inside, world.now, ticks

    outcome = run(main)
    assert outcome.result == (2.0, 2.0, [0.5, 1.0, 1.5, 2.0])
    assert outcome.diagnoses == ()
