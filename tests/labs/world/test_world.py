import asyncio
import gc
import time
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from labs import run, serve_http
from labs.errors import WorldError
from labs.journal import Ended, Fault, Note, Sent


async def echo(ws):
    async for message in ws:
        await ws.send(message)


def only(outcome, kind):
    return [event for event in outcome.journal.events if isinstance(event, kind)]


def test_half_open_peer():
    """A silent peer is decided dead 40.0 s after the open, and the handler is told at 50.0."""

    async def main(world):
        told = {}

        async def handler(ws):
            told["opened"] = world.now
            try:
                await ws.recv()
            except ConnectionClosed:
                told["told"] = world.now

        async with serve(
            handler, "auction", 8765, ping_interval=20, ping_timeout=20, close_timeout=10
        ):
            await connect("ws://auction:8765", ping_interval=None)
            world.cut("bidder", "auction")
            await asyncio.sleep(100)
        return told

    outcome = run(main, at="bidder")
    opened = outcome.opened
    (close,) = [sent for sent in only(outcome, Sent) if sent.data[:1] == b"\x88"]
    assert close.data[2:4] == (1011).to_bytes(2, "big")
    assert (close.time - opened, outcome.told - opened) == (40.0, 50.0)


def test_75_hours_of_retries():
    """A webhook retried for 75 hours at a receiver that is down takes under 0.2 s to watch."""
    waits = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600]

    async def hook(request):
        return web.Response(status=200)

    async def receiver():
        app = web.Application()
        app.router.add_post("/hook", hook)
        async with serve_http(app, "bank", 80):
            await asyncio.Event().wait()

    async def main(world):
        bank = world.host("bank")
        bank.start(receiver)
        await asyncio.sleep(1)
        bank.crash()
        asyncio.get_running_loop().call_at(70 * 3600, bank.restart)
        attempts = []
        async with aiohttp.ClientSession() as session:
            for wait in [0, *waits]:
                await asyncio.sleep(wait)
                with suppress(aiohttp.ClientConnectionError):
                    async with session.post("http://bank/hook", data=b"{}") as response:
                        attempts.append(response.status)
                        break
                attempts.append("refused")
        return attempts

    run(main, max_time=80 * 3600)  # imports and caches are not what is measured
    begun = time.perf_counter()
    outcome = run(main, max_time=80 * 3600)
    took = time.perf_counter() - begun
    assert outcome.result == ["refused"] * 9 + [200]
    assert 75 * 3600 < outcome.time < 76 * 3600
    assert took < 0.2


def test_crash_runs_no_finally(capsys):
    """A crashed program never takes another step: no finally, no except, not even at its end."""
    steps = []

    async def program(world):
        async def chunks():
            try:
                yield 1
            finally:
                steps.append("generator closed")

        try:
            async with serve(echo, "auction", 80):
                async for _ in chunks():
                    await asyncio.Event().wait()
        except BaseException:
            steps.append("except")
            raise
        finally:
            steps.append("finally")
            print("cleaning up")

    async def main(world):
        auction = world.host("auction")
        auction.start(program, world)
        await asyncio.sleep(1)
        ws = await connect("ws://auction:80")
        auction.crash()
        with pytest.raises(ConnectionClosed):
            await ws.recv()
        await asyncio.sleep(10)
        return steps

    outcome = run(main)
    gc.collect()
    assert outcome.result == steps == []
    assert capsys.readouterr().out == ""
    assert outcome.diagnoses == ()


def test_crash_and_restart():
    """A crashed server refuses until it is restarted; then it begins anew, without its memory."""

    async def program(world):
        seen = []

        async def handler(ws):
            async for message in ws:
                seen.append(message)
                await ws.send(",".join(seen))

        async with serve(handler, "auction", 80):
            await asyncio.Event().wait()

    async def main(world):
        said = []
        auction = world.host("auction")
        auction.start(program, world)
        await asyncio.sleep(1)
        ws = await connect("ws://auction:80")
        await ws.send("a")
        said.append(await ws.recv())
        auction.crash()
        with pytest.raises(ConnectionClosed):
            await ws.recv()
        with pytest.raises(ConnectionRefusedError):
            await connect("ws://auction:80")
        await asyncio.sleep(5)
        auction.restart()
        await asyncio.sleep(1)
        async with connect("ws://auction:80") as ws:
            await ws.send("b")
            said.append(await ws.recv())
        return said

    outcome = run(main)
    assert outcome.result == ["a", "b"]
    faults = {fault.name: fault for fault in only(outcome, Fault)}
    assert set(faults) == {"crash", "restart"}
    assert faults["crash"].until == faults["restart"].time


def test_power_cut_is_silence():
    """A machine without power tells nobody: its peer learns by writing, after the restart."""

    async def program():
        async with serve(echo, "auction", 80, ping_interval=None):
            await asyncio.Event().wait()

    async def main(world):
        auction = world.host("auction")
        auction.start(program)
        await asyncio.sleep(1)
        ws = await connect("ws://auction:80", ping_interval=None)
        auction.power_cut()
        await ws.send("lost")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.recv(), 600)
        auction.restart()
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(ws.recv(), 600)

    outcome = run(main)
    lost = [sent for sent in only(outcome, Sent) if sent.lost]
    assert [(sent.sender, sent.lost) for sent in lost] == [("client", "power cut")]
    assert ("auction", "RST") in {(end.sender, end.how) for end in only(outcome, Ended)}


def test_restart_of_a_machine_that_runs():
    """restart() of a machine that is up kills it first: its programs do not run twice."""
    started = []

    async def program(world):
        started.append(world.now)
        async with serve(echo, "auction", 80):
            await asyncio.Event().wait()

    async def main(world):
        auction = world.host("auction")
        auction.start(program, world)
        await asyncio.sleep(1)
        auction.restart()
        await asyncio.sleep(1)
        async with connect("ws://auction:80") as ws:
            await ws.send("up")
            return await ws.recv()

    assert run(main).result == "up"
    assert started == [0.0, 1.0]


def test_no_machine_can_kill_its_own_program():
    """A program cannot crash the machine that it runs on, and main is a program."""

    async def suicide(world):
        world.host("auction").crash()

    async def main(world):
        with pytest.raises(WorldError, match="runs the program that would crash it"):
            world.host("bidder").crash()
        with pytest.raises(WorldError, match="runs the program that would crash it"):
            await world.host("auction").start(suicide, world)

    run(main, at="bidder")


def test_a_server_of_main_cannot_be_crashed():
    """A machine whose server belongs to main cannot crash; the sentence says how to start it."""

    async def main(world):
        async with serve(echo, "auction", 80):
            with pytest.raises(WorldError, match=r"use world\.host\(name\)\.start\(program\)"):
                world.host("auction").crash()

    run(main)


def test_start_wants_the_function():
    """start() of a coroutine is refused: what cannot be called again cannot be restarted."""

    async def program():
        pass

    async def main(world):
        coroutine = program()
        with pytest.raises(WorldError, match="takes the function"):
            world.host("auction").start(coroutine)
        coroutine.close()

    run(main)


def test_clock_skew():
    """A skewed machine's wall clock is off; its sleeps and everybody else's clock are not."""

    async def look(world):
        return time.time(), time.monotonic()

    async def main(world):
        auction = world.host("auction")
        auction.skew = 90.0
        here, there = await look(world), await auction.start(look, world)
        begun = world.now
        await asyncio.sleep(1)
        return there[0] - here[0], there[1] - here[1], world.now - begun, auction.skew

    outcome = run(main)
    assert outcome.result == (90.0, 0.0, 1.0, 90.0)
    assert [fault.says for fault in only(outcome, Fault)] == ["auction's clock is 90 s ahead"]


def test_notes():
    """A note stands on the lane of the machine that wrote it."""

    async def program(world):
        world.note("here")

    async def main(world):
        await world.host("bank").start(program, world)
        world.note("there")
        world.note("elsewhere", host="gateway")

    notes = only(run(main, at="bidder"), Note)
    assert [(note.host, note.says) for note in notes] == [
        ("bank", "here"),
        ("bidder", "there"),
        ("gateway", "elsewhere"),
    ]


def test_cut_and_heal_twice():
    """Cutting what is cut and healing what is whole change nothing."""

    async def main(world):
        world.heal("client", "auction")
        for _ in range(2):
            world.cut("client", "auction")
        for _ in range(2):
            world.heal("client", "auction")
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            await ws.send("whole")
            return await ws.recv()

    assert run(main).result == "whole"


def test_rng_is_seeded_by_the_run():
    """world.rng gives the same numbers for the same seed, and random.random() too."""
    import random

    async def main(world):
        return world.rng.random(), random.random()

    state = random.getstate()
    assert run(main, seed=3).result == run(main, seed=3).result != run(main, seed=4).result
    assert random.getstate() == state
