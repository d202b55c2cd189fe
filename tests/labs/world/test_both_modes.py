"""The same program in virtual time and on real sockets: the same story."""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from labs.errors import WorldError
from labs.journal import Ended, Fault, Left, Note, Opened, Refused
from labs.world.http import serve_http
from labs.world.run import observe

from .programs import serve_echo

both_modes = pytest.mark.parametrize("mode", ["virtual", "real"])


def story(outcome):
    """What a learner is told happened, without times and without how bytes were divided.

    In order of kind, since what happens at one virtual instant has an order in real time.
    """
    told = []
    for event in outcome.journal.events:
        if isinstance(event, Opened):
            told.append(("opened", event.client, event.server, event.port))
        elif isinstance(event, Refused):
            why = event.why.partition(" for ")[0]
            told.append(("refused", event.client, event.server, event.port, why))
        elif isinstance(event, Fault):
            told.append((event.name, event.hosts, event.until is not None, event.says))
        elif isinstance(event, Note):
            told.append(("note", event.host, event.says))
        elif isinstance(event, Ended) and event.how == "RST":
            told.append(("reset by", event.sender))
        elif isinstance(event, Left):
            told.append(("left", event.sender))
    return sorted(told, key=str)


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


async def gave_up(world):
    """A client that stops waiting for an answer to its SYN: that too is a connection not made."""
    world.cut("client", "auction")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asyncio.open_connection("auction", 80)


async def last_words(world):
    """What a program wrote just before its machine crashed still arrives."""
    wrote = asyncio.Event()

    async def on_connect(reader, writer):
        await reader.read(1)
        writer.write(b"last words")
        wrote.set()
        await asyncio.sleep(10)

    async def serve_words():
        server = await asyncio.start_server(on_connect, "auction", 80)
        await server.serve_forever()

    auction = world.host("auction")
    auction.start(serve_words)
    await asyncio.sleep(0.05)
    reader, writer = await asyncio.open_connection("auction", 80)
    writer.write(b"?")
    await wrote.wait()
    auction.crash()
    heard = await reader.read()
    writer.close()
    return heard


async def cut_twice(world):
    """A second cut takes the first one's place: each band has an end."""
    for _ in range(2):
        world.cut("client", "auction")
        await asyncio.sleep(0.01)
    world.heal("client", "auction")


@pytest.mark.parametrize(
    "program",
    [
        talk,
        refuse,
        cut_and_heal,
        reset,
        crash_and_restart,
        power_cut,
        deliver_twice,
        gave_up,
        last_words,
        cut_twice,
    ],
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


async def fail():
    """End with an error at once."""
    raise LookupError("no such bid")


@both_modes
def test_a_failure_that_is_awaited_is_heard(mode):
    """A task's error is no news once somebody has awaited it, however late."""

    async def main(_):
        task = asyncio.create_task(fail())
        await asyncio.sleep(0.01)
        with pytest.raises(LookupError):
            await task

    outcome, error = observe(main, mode=mode)

    assert (error, outcome.diagnoses) == (None, ())


@both_modes
def test_two_tasks_on_one_machine(mode):
    """Each comes back to the machine that it left, whoever comes back first."""

    async def main(world):
        async def visit(seconds):
            with world.host("bidder"):
                await asyncio.sleep(seconds)
                world.note("there")
            world.note("back")

        await asyncio.gather(visit(0.01), visit(0.02))

    outcome, error = observe(main, mode=mode)

    notes = [(event.host, event.says) for event in outcome.journal.events]
    assert error is None
    assert notes == [("bidder", "there"), ("client", "back")] * 2


@both_modes
def test_a_name_mistyped(mode):
    """Nobody listens at a machine that is none: the refusal stands, and the names are said."""

    async def main(world):
        world.host("auction").start(serve_echo)
        await asyncio.sleep(0.01)
        with pytest.raises(ConnectionRefusedError):
            await connect("ws://auctoin:8765")

    outcome, error = observe(main, mode=mode)

    says = "auctoin was asked for, and no machine of this run is called so"
    assert error is None
    assert outcome.diagnoses == (f"{says} (there are: auction, client)",)


async def leaves(_):
    """End the process."""
    sys.exit(3)


async def cancels_itself(_):
    """Cancel the main program."""
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


async def crashes_itself(world):
    """Kill the machine on which this runs."""
    world.host("client").crash()


async def crashes_with_anothers_server(world):
    """Kill a machine whose server is a piece of the main program."""
    with world.host("auction"):
        await asyncio.start_server(lambda *_: None, "auction", 80)
    world.host("auction").crash()


async def starts_on_a_dead_machine(world):
    """Start a program where nothing runs."""
    auction = world.host("auction")
    auction.crash()
    auction.start(serve_echo)


@both_modes
@pytest.mark.parametrize(
    ("program", "says"),
    [
        (leaves, "sys.exit() at test_both_modes.py"),
        (cancels_itself, "main was cancelled at test_both_modes.py"),
        (crashes_itself, "client runs the program that would crash it"),
        (crashes_with_anothers_server, "auction cannot crash, its server was started elsewhere"),
        (starts_on_a_dead_machine, "auction is down and runs nothing: restart() it first"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_no_world_can_do_is_one_sentence(mode, program, says):
    """What would end every machine, or the caller, is refused in the same words in both modes."""
    _, error = observe(program, mode=mode)

    assert isinstance(error, WorldError)
    assert says in str(error)
