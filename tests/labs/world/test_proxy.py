"""The wire of real mode: late, cut, reset, refused, crashed, as the programs notice it."""

from __future__ import annotations

import asyncio
import gc

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from labs.journal import Ended, Fault, Opened, Refused, Sent
from labs.world.real import RealWorld

from .programs import QUICK, connected, echo, kinds, pour_into, serve_echo


def test_latency_delays_each_way():
    """An answer takes at least one latency there and one back, and the journal says so."""

    async def main(world):
        world.link("client", "auction").latency = 0.05
        async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
            asked = world.now
            await ws.send("x")
            await ws.recv()
            return world.now - asked

    world = RealWorld()

    assert world.run(main) >= 0.1
    assert all(event.arrived - event.time >= 0.049 for event in kinds(world, Sent))
    assert all(event.arrived - event.time >= 0.099 for event in kinds(world, Opened))


def test_a_cut_holds_bytes_and_a_heal_delivers_them_in_order():
    """Messages sent into a cut arrive after it heals, in order; none is lost."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
            world.cut("client", "auction")
            for number in range(5):
                await ws.send(str(number))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ws.recv(), 0.1)
            world.heal("client", "auction")
            return [await ws.recv() for _ in range(5)]

    world = RealWorld()

    assert world.run(main) == ["0", "1", "2", "3", "4"]
    (fault,) = kinds(world, Fault)
    assert fault.name == "cut"
    assert fault.until is not None
    late = [e for e in kinds(world, Sent) if fault.time <= e.time < fault.until]
    assert late
    assert all(event.arrived >= fault.until for event in late)


def test_bytes_in_a_cut_that_never_heals_have_not_arrived():
    """What was sent into a cut is in the journal, as bytes that did not arrive."""

    async def main(world):
        async with serve(echo, "auction", 8765, close_timeout=0.01):
            ws = await connect("ws://auction:8765", close_timeout=0.01, compression=None)
            world.cut("client", "auction")
            await ws.send("lost")
            await ws.close()

    world = RealWorld()
    world.run(main)

    lost = [event for event in kinds(world, Sent) if event.arrived is None]
    assert {event.lost for event in lost} == {"run ended"}
    assert next(event.data[:2] for event in lost if event.sender == "client") == b"\x81\x84"


def test_a_one_way_cut_lets_the_other_direction_pass():
    """With auction -> client cut, the server still hears the client."""

    async def main(world):
        heard = asyncio.Event()

        async def on_bid(connection):
            await connection.recv()
            heard.set()

        async with (
            serve(on_bid, "auction", 8765, close_timeout=0.01),
            connect("ws://auction:8765", close_timeout=0.01) as ws,
        ):
            world.cut("auction", "client", one_way=True)
            await ws.send("hello")
            await heard.wait()
            world.heal("client", "auction")
            return True

    assert RealWorld().run(main)


def test_connecting_into_a_cut_waits_for_the_heal():
    """A SYN that is not answered is repeated, so a connection is made after the heal."""

    async def main(world):
        world.cut("client", "auction")
        asyncio.get_running_loop().call_later(0.1, world.heal, "client", "auction")
        async with serve(echo, "auction", 8765), connect("ws://auction:8765"):
            return world.now

    assert RealWorld().run(main) >= 1.0


def test_a_reset_ends_both_sides_at_once():
    """A reset in the middle closes the client's and the server's connection abnormally."""

    async def main(world):
        told = asyncio.get_running_loop().create_future()

        async def on_bid(connection):
            try:
                await connection.recv()
            except ConnectionClosedError as closed:
                told.set_result(closed.rcvd)

        async with serve(on_bid, "auction", 8765):
            ws = await connect("ws://auction:8765")
            world.reset("client", "auction")
            with pytest.raises(ConnectionClosedError):
                await ws.recv()
            return await told

    world = RealWorld()

    assert world.run(main) is None
    assert [event.how for event in kinds(world, Ended)] == ["RST", "RST"]
    assert [event.name for event in kinds(world, Fault)] == ["reset"]


def test_connections_are_refused_where_nobody_listens_or_nobody_may():
    """A port without a server refuses, and so does a machine told to refuse."""

    async def main(world):
        with pytest.raises(ConnectionRefusedError):
            await connect("ws://auction:8765")
        async with serve(echo, "auction", 8765):
            world.refuse("auction")
            async with aiohttp.ClientSession() as session:
                with pytest.raises(aiohttp.ClientConnectorError):
                    await session.get("http://auction:8765/")
            world.accept("auction")
            async with connect("ws://auction:8765"):
                pass

    world = RealWorld()
    world.run(main)

    assert [e.why for e in kinds(world, Refused)] == ["nobody listens", "refuses connections"]


def test_a_crash_runs_no_finally_and_closes_the_sockets():
    """A crashed program stops where it stands, its kernel says FIN, then RST; restart serves."""
    said = []

    async def main(world):
        async def program():
            try:
                await serve_echo()
            finally:
                said.append("finally")

        world.link("client", "auction").latency = QUICK
        auction = world.host("auction")
        auction.start(program)
        ws = await connected()
        await ws.send("before")
        await ws.recv()
        auction.crash()
        with pytest.raises(ConnectionClosed):
            await ws.recv()
        with pytest.raises(ConnectionRefusedError):
            await connect("ws://auction:8765")
        assert not said
        auction.restart()
        ws = await connected()
        await ws.send("after")
        answer = await ws.recv()
        await ws.close()
        return answer

    world = RealWorld()

    assert world.run(main) == "after"
    assert said == ["finally"]  # of the second life, which was alive when the run ended
    first = [e.how for e in kinds(world, Ended) if (e.sender, e.connection) == ("auction", 1)]
    assert first[0] == "FIN"
    assert [event.name for event in kinds(world, Fault)] == ["crash", "restart"]
    assert any("crashed inside this process" in says for says in world.diagnoses)


def test_a_killed_program_never_says_another_word():
    """Neither its finally nor its generators' run, not even when garbage is collected."""
    said = []

    async def bids():
        try:
            yield 1
            yield 2
        finally:
            said.append("generator")

    async def program():
        try:
            async for _ in bids():
                await asyncio.sleep(60)
        finally:
            said.append("program")

    async def main(world):
        world.host("auction").start(program)
        await asyncio.sleep(0)
        world.host("auction").crash()

    RealWorld().run(main)
    gc.collect()

    assert said == []


def test_a_power_cut_is_silent_until_the_machine_is_back():
    """Nobody is told of a power cut; after the restart, old connections are unknown: RST."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        auction = world.host("auction")
        auction.start(serve_echo)
        ws = await connected(ping_interval=None)
        auction.power_cut()
        await ws.send("anybody?")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.recv(), 0.1)
        auction.restart()
        with pytest.raises(ConnectionClosed):
            await ws.recv()

    world = RealWorld()
    world.run(main)

    assert [event.name for event in kinds(world, Fault)] == ["power cut", "restart"]
    assert "given up" in [event.lost for event in kinds(world, Sent)]


def test_a_machine_that_stops_reading_makes_the_sender_wait():
    """The window fills and the writer's drain() waits until the machine reads again."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        read = 0
        done = asyncio.Event()

        async def swallow(reader, writer):
            nonlocal read
            while data := await reader.read(65_536):
                read += len(data)
            writer.close()
            done.set()

        server = await asyncio.start_server(swallow, "auction", 9000)
        _, writer = await asyncio.open_connection("auction", 9000)
        world.host("auction").stop_reading()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pour_into(writer), 0.3)
        blocked_at = read
        world.host("auction").read_again()
        writer.close()
        await done.wait()
        server.close()
        return blocked_at, read % 65_536, read > 0

    assert RealWorld().run(main) == (0, 0, True)


def test_segment_size_splits_what_is_written():
    """A write larger than the segment size arrives in pieces of at most that size."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        world.link("client", "auction").segment_size = 4
        pieces = []
        done = asyncio.Event()

        async def on_bytes(reader, writer):
            while data := await reader.read(100):
                pieces.append(data)
            writer.close()
            done.set()

        server = await asyncio.start_server(on_bytes, "auction", 9000)
        _, writer = await asyncio.open_connection("auction", 9000)
        writer.write(b"abcdefghij")
        writer.close()
        await done.wait()
        server.close()
        return b"".join(pieces)

    world = RealWorld()

    assert world.run(main) == b"abcdefghij"
    assert [event.data for event in kinds(world, Sent)] == [b"abcd", b"efgh", b"ij"]


def test_bandwidth_spreads_bytes_over_time():
    """50 kB over 200 kB/s cannot arrive in less than a quarter of a second."""

    async def main(world):
        link = world.link("client", "auction")
        link.latency, link.bandwidth = QUICK, 200_000
        done = asyncio.Event()

        async def on_bytes(reader, writer):
            await reader.readexactly(50_000)
            done.set()
            writer.close()

        server = await asyncio.start_server(on_bytes, "auction", 9000)
        _, writer = await asyncio.open_connection("auction", 9000)
        begun = world.now
        writer.write(bytes(50_000))
        await done.wait()
        writer.close()
        server.close()
        return world.now - begun

    assert RealWorld().run(main) >= 0.25


def test_a_half_close_lets_the_answer_through():
    """A FIN ends one direction only: the answer to what came before it still arrives."""

    async def main(world):
        async def count(reader, writer):
            writer.write(str(len(await reader.read())).encode())
            writer.close()

        server = await asyncio.start_server(count, "auction", 9000)
        reader, writer = await asyncio.open_connection("auction", 9000)
        writer.write(b"12345")
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        server.close()
        return answer

    world = RealWorld()

    assert world.run(main) == b"5"
    assert [event.how for event in kinds(world, Ended)] == ["FIN", "FIN"]
