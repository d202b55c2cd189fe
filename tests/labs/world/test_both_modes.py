"""The same program in virtual time and on real sockets: the same story."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from labs.journal import Ended, Fault, Left, Note, Opened, Refused
from labs.world.http import serve_http
from labs.world.run import observe


def story(outcome):
    """What a learner is told happened, without times and without how bytes were divided.

    In order of kind, since what happens at one virtual instant has an order in real time.
    """
    told = []
    for event in outcome.journal.events:
        if isinstance(event, Opened):
            told.append(("opened", event.client, event.server, event.port))
        elif isinstance(event, Refused):
            told.append(("refused", event.client, event.server, event.port, event.why))
        elif isinstance(event, Fault):
            told.append((event.name, event.hosts, event.until is not None, event.says))
        elif isinstance(event, Note):
            told.append(("note", event.host, event.says))
        elif isinstance(event, Ended) and event.how == "RST":
            told.append(("reset by", event.sender))
        elif isinstance(event, Left):
            told.append(("left", event.sender))
    return sorted(told, key=str)


async def echo(connection):
    """Send every message back."""
    async for message in connection:
        await connection.send(message)


async def serve_echo():
    """The server as a program of its machine."""
    async with serve(echo, "auction", 8765) as server:
        await server.serve_forever()


async def answered(ws, message):
    """What is answered, or how the connection ended."""
    try:
        await ws.send(message)
        return await ws.recv()
    except ConnectionClosed as closed:
        return closed.rcvd and closed.rcvd.code


async def connected(world):
    """A connection to the auction once it is there."""
    auction = world.host("auction")
    auction.start(serve_echo)
    await asyncio.sleep(0.05)
    return auction, await connect("ws://auction:8765", ping_interval=None)


async def talk(world):
    """A connection, some messages, a peaceful end."""
    _, ws = await connected(world)
    answers = [await answered(ws, "100"), await answered(ws, "")]
    await ws.close()
    return answers


async def refuse(world):
    """Nobody listens, then somebody does, then nobody may connect."""
    with pytest.raises(ConnectionRefusedError):
        await connect("ws://auction:8765")
    _, ws = await connected(world)
    await ws.close()
    world.refuse("auction")
    with pytest.raises(ConnectionRefusedError):
        await connect("ws://auction:8765")
    world.accept("auction")
    await (await connect("ws://auction:8765")).close()


async def cut_and_heal(world):
    """A message waits for the cut to heal and is answered then."""
    _, ws = await connected(world)
    world.cut("client", "auction")
    answer = asyncio.create_task(answered(ws, "held back"))
    await asyncio.sleep(0.1)
    waits = not answer.done()
    world.heal("client", "auction")
    result = waits, await answer
    await ws.close()
    return result


async def reset(world):
    """A reset in the middle of a conversation."""
    _, ws = await connected(world)
    first = await answered(ws, "x")
    world.reset("client", "auction")
    return first, await answered(ws, "y")


async def crash_and_restart(world):
    """A crash, a refusal while the machine is down, and a second life."""
    auction, ws = await connected(world)
    auction.crash()
    end = await answered(ws, "x")
    with pytest.raises(ConnectionRefusedError):
        await connect("ws://auction:8765")
    auction.restart()
    await asyncio.sleep(0.05)
    ws = await connect("ws://auction:8765")
    again = await answered(ws, "y")
    await ws.close()
    return end, again


async def power_cut(world):
    """Silence, and after the restart nobody knows the old connection."""
    auction, ws = await connected(world)
    auction.power_cut()
    await ws.send("anybody?")
    waits = asyncio.create_task(ws.recv())
    await asyncio.wait([waits], timeout=0.2)
    silent = not waits.done()
    waits.cancel()
    auction.restart()
    await asyncio.sleep(0.05)
    return silent, await answered(ws, "still there?")


async def deliver_twice(world):
    """A webhook whose answer is lost is sent again: two deliveries, one event."""
    seen = []

    async def receive(request):
        seen.append(await request.text())
        if len(seen) == 1:
            world.reset("bank", "auction")
        world.note("received")
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    async with serve_http(app, "auction", 80):
        with world.host("bank"):
            async with aiohttp.ClientSession() as session:
                with pytest.raises(aiohttp.ClientError):
                    await session.post("http://auction/hook", data="paid")
                answer = await session.post("http://auction/hook", data="paid")
    return seen, answer.status


@pytest.mark.parametrize(
    "program",
    [talk, refuse, cut_and_heal, reset, crash_and_restart, power_cut, deliver_twice],
    ids=lambda program: program.__name__,
)
def test_the_story_is_the_same_in_both_modes(program):
    """Result, connections, refusals, faults, notes and resets are those of the other mode."""
    outcomes = {}
    for mode in ("virtual", "real"):
        outcomes[mode], error = observe(program, mode=mode)
        assert error is None

    assert outcomes["real"].result == outcomes["virtual"].result
    assert story(outcomes["real"]) == story(outcomes["virtual"])
