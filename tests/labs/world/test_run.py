import _thread
import asyncio
import gc
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress

import pytest

from labs import run
from labs.world.run import observe
from labs.world.watch import WATCHER

PROGRAM = """
import asyncio, gc, sys, threading
import aiohttp
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from labs import run, serve_http

async def echo(ws):
    async for message in ws:
        await ws.send(message)

async def endless(world):
    try:
        while True:
            await asyncio.sleep(1)
    finally:
        await asyncio.sleep(1)

async def main(world):
    bank = world.host("bank")
    bank.start(endless, world)
    world.host("gateway").start(endless, world)
    app = web.Application()
    async with serve_http(app, "bank", 80), serve(echo, "auction", 80):
        async with aiohttp.ClientSession() as session:
            async with session.get("http://bank/") as response:
                await response.read()
        left_open = await connect("ws://auction:80")
        await left_open.send("x")
        world.host("gateway").crash()
        world.cut("client", "auction")
        return await asyncio.wait_for(asyncio.sleep(5, "done"), 10)

assert run(main).result == "done"
assert run(main).result == "done"
gc.collect()
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
gc.collect()
print("clean")
"""


def test_a_run_leaves_nothing_behind():
    """No task, no thread, no warning: nothing is said in a process where warnings are errors."""
    # What a crash froze is kept for ever on purpose (afterwards.py); everything else is gone.
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("clean\n", "")


def test_tasks_that_are_left_may_clean_up():
    """A task that main left behind is cancelled, and its `finally` runs in virtual time."""
    said = []

    async def background():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(60)
            said.append("cleaned up")

    async def main(world):
        task = asyncio.create_task(background())
        await asyncio.sleep(1)
        return task

    outcome = run(main)
    assert said == ["cleaned up"]
    assert outcome.result.cancelled()
    assert outcome.time == 1.0


def test_a_task_that_will_not_end():
    """A task that swallows its cancellation cannot keep the run from ending."""

    async def stubborn():
        while True:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(100)

    async def main(world):
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(1)
        return "ended", task.get_name()

    assert run(main).result == ("ended", "stubborn")
    assert gc.isenabled()


def test_the_learners_traceback():
    """What main raised is raised by run(), and the traceback begins in the learner's code."""

    async def deep():
        raise LookupError("mine")

    async def main(world):
        await deep()

    with pytest.raises(LookupError, match="mine") as raised:
        run(main)
    names = [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert names == ["test_the_learners_traceback", "run", "main", "deep"]


def test_interrupt():
    """Ctrl-C during a run cleans up, is raised again, and the next run works."""
    said = []

    async def main(world):
        try:
            while world.now < 1e9:
                await asyncio.sleep(1)
                if world.now == 1000:
                    signal.raise_signal(signal.SIGINT)
        finally:
            said.append("finally")

    async def fine(world):
        return "fine"

    with pytest.raises(KeyboardInterrupt):
        run(main, max_time=2e9)
    assert said == ["finally"]
    assert run(fine).result == "fine"


def test_one_thread_watches_every_run():
    """Runs share the thread that looks for endless loops, and it ends when there are none."""
    threads = _thread._count()

    async def main(world):
        await asyncio.sleep(1)
        return _thread._count()

    assert {run(main).result for _ in range(50)} <= {threads, threads + 1}
    deadline = time.monotonic() + 30
    while WATCHER.process and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert _thread._count() <= threads


def test_interrupt_in_an_endless_loop():
    """The stop button works in a loop that never awaits."""

    async def main(world):
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        while True:
            pass

    with pytest.raises(KeyboardInterrupt):
        run(main)


def test_nested_in_a_running_loop():
    """Inside a loop that runs, as in a notebook's cell, run() is a plain call."""

    async def main(world):
        await asyncio.sleep(100)
        return asyncio.current_task().get_name(), world.now

    async def cell():
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        first = run(main).result
        assert asyncio.current_task() is task
        assert asyncio.get_running_loop() is loop
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            return first, run(main).result

    assert asyncio.run(cell()) == (("main", 100.0), ("main", 100.0))


def test_a_run_in_another_thread():
    """A world runs in any thread; only one at a time."""
    outcomes = []

    async def main(world):
        await asyncio.sleep(5)
        return world.now

    thread = threading.Thread(target=lambda: outcomes.append(run(main).result))
    thread.start()
    thread.join()
    assert outcomes == [5.0]


def test_a_profiler_and_a_tracer_work_after_a_run():
    """A run leaves the interpreter as it was: tracing in the same process goes on."""
    lines = []

    async def main(world):
        await asyncio.sleep(1)

    def trace(frame, event, arg):
        lines.append(event)

    run(main)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        plain()
    finally:
        sys.settrace(before)
    assert lines.count("call") >= 1


def plain():
    """Something to trace."""


def test_same_seed_same_journal():
    """Two runs of one program are equal, also in one process and after a third one."""

    async def main(world):
        for _ in range(3):
            await asyncio.sleep(world.rng.random())
            world.note("here")

    first, other = run(main, seed=1), run(main, seed=2)
    assert first.journal == run(main, seed=1).journal != other.journal
    assert first.journal.digest() == run(main, seed=1).journal.digest()


def test_observe_reports_instead_of_raising():
    """observe() returns the error beside the outcome."""

    async def main(world):
        await asyncio.sleep(2)
        raise LookupError

    outcome, error = observe(main)
    assert outcome.time == 2.0
    assert isinstance(error, LookupError)


def test_a_world_without_anything():
    """A main that does nothing takes no time and leaves an empty journal."""

    async def main(world):
        return world.mode, world.now

    outcome = run(main)
    assert outcome.result == ("virtual", 0.0)
    assert outcome.journal.events == ()
    assert outcome.time == 0.0
