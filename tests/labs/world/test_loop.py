import asyncio
import inspect
from contextlib import suppress

import pytest

from labs import run
from labs.errors import OutOfTime
from labs.world import loop as world_loop
from labs.world.loop import LOOK_UP_EVERY

PRIVATE = ("_run_once", "_asyncgen_firstiter_hook", "_asyncgen_finalizer_hook")


@pytest.mark.parametrize("name", PRIVATE)
def test_asyncio_still_has_what_the_loop_overrides(name):
    """A Python release that renames a private part of BaseEventLoop is noticed here first."""
    assert callable(getattr(asyncio.BaseEventLoop, name))


def test_asyncio_still_reads_what_the_loop_keeps():
    """run_forever() goes by _ready and _stopping, and generators are closed by _asyncgens."""
    loop = asyncio.BaseEventLoop()
    assert {"_ready", "_stopping", "_asyncgens"} <= set(vars(loop))
    loop.close()
    assert "_run_once" in inspect.getsource(asyncio.BaseEventLoop.run_forever)


def test_order_at_one_instant():
    """At one instant arrivals come first, then timers in the order of their creation."""

    async def main(world):
        order = []

        async def keep(reader, writer):
            order.append(await reader.read(1))

        async with await asyncio.start_server(keep, "auction", 7):
            _, writer = await asyncio.open_connection("auction", 7)
            loop = asyncio.get_running_loop()
            arrives = world.now + 0.025
            for name in "abc":
                loop.call_at(arrives, loop.call_soon, order.append, name)
            writer.write(b"x")
            await asyncio.sleep(1)
        return order

    assert run(main).result == [b"x", "a", "b", "c"]


def test_cancelled_timers_hold_nothing_up():
    """A timer that was cancelled does not move the clock, however many there are."""

    async def main(world):
        loop = asyncio.get_running_loop()
        for n in range(5_000):
            loop.call_later(100 + n, print).cancel()
        await asyncio.sleep(1)
        return len(loop.due)

    outcome = run(main)
    assert outcome.time == 1.0
    assert outcome.result < 5_000


def test_tasks_are_ordered_by_creation():
    """A set of tasks is walked in the same order in each process."""

    async def nothing():
        pass

    async def main(world):
        tasks = {asyncio.create_task(nothing(), name=str(n)) for n in range(50)}
        by_hand = asyncio.Task(nothing(), loop=asyncio.get_running_loop())
        assert isinstance(by_hand, asyncio.Task)
        await asyncio.gather(by_hand, *tasks)
        return [hash(task) for task in tasks]

    assert run(main).result == run(main).result


def test_a_failing_callback_stops_nobody():
    """A callback that raises is told, and the program goes on."""

    async def main(world):
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)
        return "went on"

    outcome = run(main)
    assert outcome.result == "went on"
    assert "ZeroDivisionError (division by zero) at test_loop.py" in outcome.diagnoses[0]


def test_executor():
    """A function in an executor gives its result or raises its error, at a step of its own."""

    async def main(world):
        loop = asyncio.get_running_loop()
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 / 0)
        return await loop.run_in_executor(None, sum, [1, 2, 3])

    assert run(main).result == 6


def test_async_generators_are_closed():
    """A generator that main left half-way is closed after it, in the world."""
    closed = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(1)
            closed.append(True)

    async def main(world):
        kept = numbers()
        await anext(kept)
        return kept

    run(main)
    assert closed == [True]


def test_a_long_run_is_no_deaf_one():
    """A failure that is awaited long after it happened was not one that nobody awaited."""

    async def fail():
        raise LookupError("no such bid")

    async def main(world):
        failed = asyncio.create_task(fail())
        for _ in range(2 * LOOK_UP_EVERY):
            await asyncio.sleep(0.001)
        with suppress(LookupError):
            await failed

    assert run(main).diagnoses == ()


def test_a_run_that_goes_on_for_ever(monkeypatch):
    """A program that lets time pass but never ends is stopped after so many steps, and named."""
    monkeypatch.setattr(world_loop, "LONGEST", LOOK_UP_EVERY)

    async def main(world):
        while True:
            await asyncio.sleep(0.001)

    with pytest.raises(OutOfTime, match=r"given 50,000 steps and .* main still waits at test_loop"):
        run(main)


@pytest.mark.parametrize("steps", [998, 999, 1_000, 1_001])
def test_main_may_end_at_any_step(steps):
    """A run that ends just where the loop looks up is cleaned up like any other."""

    async def main(world):
        for _ in range(steps):
            await asyncio.sleep(0)
        return "done"

    assert run(main).result == "done"
