"""Real mode: the same programs on loopback sockets, in real time, through the proxy."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
import time
import warnings
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from labs.errors import Escape, OutOfTime, WorldError
from labs.journal import Ended, Fault, Note, Opened, Refused, Sent
from labs.world.real import RealWorld

QUICK = 0.001  # seconds of latency where a test does not look at time


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def serve_echo(started=None):
    async with serve(echo, "auction", 8765, compression=None) as server:
        if started is not None:
            started.set()
        await server.serve_forever()


async def connected(**options):
    """A connection to the auction as soon as its server listens."""
    while True:
        try:
            return await connect("ws://auction:8765", compression=None, **options)
        except ConnectionRefusedError:
            await asyncio.sleep(0)


def kinds(world, kind):
    return [event for event in world.journal().events if isinstance(event, kind)]


def bytes_sent(world, sender):
    return b"".join(event.data for event in kinds(world, Sent) if event.sender == sender)


def test_websocket_server_and_client_talk_by_host_name():
    """An unmodified websockets client on one machine reaches the server on another by name."""

    async def main(world):
        async with serve(echo, "auction", 8765):
            with world.host("bidder"):
                async with connect("ws://auction:8765") as ws:
                    await ws.send("100")
                    return await ws.recv()

    world = RealWorld()

    assert "100" == world.run(main)
    assert [("bidder", "auction", 8765)] == [
        (event.client, event.server, event.port) for event in kinds(world, Opened)
    ]
    assert bytes_sent(world, "bidder").startswith(b"GET / HTTP/1.1\r\nHost: auction:8765\r\n")
    assert "real" == world.journal().mode
    assert {"bidder", "auction"} == set(world.journal().hosts)


def test_aiohttp_server_and_client_talk_by_host_name():
    """An unmodified aiohttp session posts to an aiohttp application on another machine."""

    async def receive(request):
        return web.json_response({"got": await request.text(), "host": request.host})

    async def main(world):
        app = web.Application()
        app.router.add_post("/hook", receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "auction", 8080).start()
        with world.host("bank"):
            async with aiohttp.ClientSession() as session:
                async with session.post("http://auction:8080/hook", data="paid") as answer:
                    result = await answer.json()
        await runner.cleanup()
        return result

    assert {"got": "paid", "host": "auction:8080"} == RealWorld().run(main)


def test_handlers_run_on_the_machine_of_their_server():
    """A note written in a handler, or in a task it makes, stands on the server's lane."""

    async def main(world):
        async def on_bid(connection):
            world.note("handler")
            await asyncio.create_task(note_in_task())

        async def note_in_task():
            world.note("task")

        async def on_get(request):
            world.note("http")
            return web.Response()

        app = web.Application()
        app.router.add_get("/", on_get)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "bank", 80).start()
        async with serve(on_bid, "auction", 8765):
            async with connect("ws://auction:8765") as ws:
                await ws.wait_closed()
            async with aiohttp.ClientSession() as session:
                await (await session.get("http://bank/")).read()
        world.note("main")
        await runner.cleanup()

    world = RealWorld(at="bidder")
    world.run(main)

    assert [("auction", "handler"), ("auction", "task"), ("bank", "http"), ("bidder", "main")] == [
        (event.host, event.says) for event in kinds(world, Note)
    ]


def test_latency_delays_each_way():
    """An answer takes at least one latency there and one back, and the journal says so."""

    async def main(world):
        world.link("client", "auction").latency = 0.05
        async with serve(echo, "auction", 8765):
            async with connect("ws://auction:8765") as ws:
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
        async with serve(echo, "auction", 8765):
            async with connect("ws://auction:8765") as ws:
                world.cut("client", "auction")
                for number in range(5):
                    await ws.send(str(number))
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(ws.recv(), 0.1)
                world.heal("client", "auction")
                return [await ws.recv() for _ in range(5)]

    world = RealWorld()

    assert ["0", "1", "2", "3", "4"] == world.run(main)
    (fault,) = kinds(world, Fault)
    assert "cut" == fault.name and fault.until is not None
    late = [e for e in kinds(world, Sent) if fault.time <= e.time < fault.until]
    assert late and all(event.arrived >= fault.until for event in late)


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
    assert lost and {"run ended"} == {event.lost for event in lost}
    assert b"\x81\x84" == next(event.data[:2] for event in lost if event.sender == "client")


def test_a_one_way_cut_lets_the_other_direction_pass():
    """With auction -> client cut, the server still hears the client."""

    async def main(world):
        heard = asyncio.Event()

        async def on_bid(connection):
            await connection.recv()
            heard.set()

        async with serve(on_bid, "auction", 8765, close_timeout=0.01):
            async with connect("ws://auction:8765", close_timeout=0.01) as ws:
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
        async with serve(echo, "auction", 8765):
            async with connect("ws://auction:8765"):
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
    assert ["RST", "RST"] == [event.how for event in kinds(world, Ended)]
    assert ["reset"] == [event.name for event in kinds(world, Fault)]


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

    assert ["nobody listens", "refuses connections"] == [e.why for e in kinds(world, Refused)]


def test_a_crash_runs_no_finally_and_resets_the_peers():
    """A crashed program stops where it stands; its peer gets an RST; restart serves again."""
    said = []

    async def main(world):
        async def program():
            try:
                await serve_echo()
            finally:
                said.append("finally")
                print("this must not be printed")

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

    assert "after" == world.run(main)
    assert "RST" in [event.how for event in kinds(world, Ended) if event.sender == "auction"]
    assert ["crash", "restart"] == [event.name for event in kinds(world, Fault)]
    assert any("crashed inside this process" in says for says in world.diagnoses)


def test_what_a_crashed_program_prints_while_it_is_buried_is_not_heard(capsys):
    """The finally of a killed program runs after the run, and its words are discarded."""

    async def program():
        try:
            await asyncio.sleep(60)
        finally:
            print("last words")

    async def main(world):
        world.host("auction").start(program)
        await asyncio.sleep(0)
        world.host("auction").crash()

    RealWorld().run(main)
    gc.collect()

    assert "" == capsys.readouterr().out


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

    assert ["power cut", "restart"] == [event.name for event in kinds(world, Fault)]
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
            async with asyncio.timeout(0.3):
                for _ in range(100):
                    writer.write(bytes(65_536))
                    await writer.drain()
        blocked_at = read
        world.host("auction").read_again()
        writer.close()
        await done.wait()
        server.close()
        return blocked_at, read % 65_536, read > 0

    assert (0, 0, True) == RealWorld().run(main)


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

    assert b"abcdefghij" == world.run(main)
    assert [b"abcd", b"efgh", b"ij"] == [event.data for event in kinds(world, Sent)]


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

    assert b"5" == world.run(main)
    assert ["FIN", "FIN"] == [event.how for event in kinds(world, Ended)]


def test_names_outside_the_world_are_not_looked_up():
    """A host name of the internet is refused before anything leaves this computer."""

    async def main(world):
        await connect("ws://example.com")

    with pytest.raises(Escape, match="outside this world"):
        RealWorld().run(main)


def test_localhost_is_the_machine_that_one_is_on():
    """A server on localhost of one machine is reached by localhost there, not elsewhere."""

    async def main(world):
        with world.host("auction"):
            server = await serve(echo, "localhost", 8765)
            async with connect("ws://localhost:8765") as ws:
                await ws.send("here")
                answer = await ws.recv()
        async with connect("ws://auction:8765"):
            pass
        server.close()
        await server.wait_closed()
        return answer

    assert "here" == RealWorld().run(main)


def test_a_port_is_taken_once():
    """Two servers on one port of one machine are refused, on two machines they are not."""

    async def main(world):
        async with serve(echo, "auction", 8765), serve(echo, "bank", 8765):
            with pytest.raises(OSError, match="taken"):
                await serve(echo, "auction", 8765)
        async with serve(echo, "auction", 8765):
            return True

    assert RealWorld().run(main)


def test_ports_of_this_computer_that_no_machine_uses_are_real():
    """A program may talk to a real server beside the world, such as a database."""
    with socket.create_server(("127.0.0.1", 0)) as beside:

        async def main(world):
            _, writer = await asyncio.open_connection(*beside.getsockname())
            writer.close()
            return True

        assert RealWorld().run(main)


def test_a_run_that_takes_too_long_says_where_main_waits():
    """At the last permitted second main is cancelled, and the sentence names its line."""

    async def main(world):
        await asyncio.Event().wait()

    with pytest.raises(OutOfTime, match=r"given 0.1 s .* main still waits at test_real.py:\d+"):
        RealWorld().run(main, max_time=0.1)


@pytest.mark.parametrize("blocks", ["spins", "sleeps"])
def test_a_blocked_run_is_ended_and_named(blocks):
    """An endless loop or a long time.sleep() is interrupted after the last second and named."""

    async def main(world):
        while blocks == "spins":
            pass
        time.sleep(60)

    world = RealWorld()
    begun = time.monotonic()
    with pytest.raises(OutOfTime, match=r"test_real.py:\d+, in main does not yield"):
        world.run(main, max_time=0.5)

    assert time.monotonic() - begun < 20
    assert any("did not yield" in says for says in world.diagnoses)


def test_a_blocked_handler_does_not_stop_the_wire():
    """Bytes sent before a handler blocks arrive while it blocks: the wire has its own thread."""

    async def main(world):
        async with serve(echo, "auction", 8765):
            async with connect("ws://auction:8765", compression=None) as ws:
                await ws.send("x")
                blocked_from = world.now
                time.sleep(0.3)
                blocked_until = world.now
                await ws.recv()
        return blocked_from, blocked_until

    world = RealWorld()
    blocked_from, blocked_until = world.run(main)

    frame = next(e for e in kinds(world, Sent) if e.time >= blocked_from - 0.01)
    assert frame.arrived < blocked_until


def test_an_interrupt_ends_the_run_at_once_and_cleans_up():
    """Ctrl-C while everybody waits raises KeyboardInterrupt; tasks get to clean up."""
    said = []

    async def main(world):
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(60)
        finally:
            said.append("cleaned up")

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        RealWorld().run(main)

    assert ["cleaned up"] == said
    assert time.monotonic() - begun < 10
    assert signal.default_int_handler is signal.getsignal(signal.SIGINT)


def test_what_main_raises_is_raised():
    """The caller of run gets main's own exception."""

    async def main(world):
        raise KeyError("lot")

    with pytest.raises(KeyError, match="lot"):
        RealWorld().run(main)


def test_a_run_inside_a_running_loop():
    """In a kernel's loop the run is a plain call; the loop and its task go on afterwards."""

    async def main(world):
        async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
            await ws.send("nested")
            return await ws.recv()

    async def cell():
        task = asyncio.current_task()
        result = RealWorld().run(main)
        assert asyncio.current_task() is task
        await asyncio.sleep(0)
        return result

    assert "nested" == asyncio.run(cell())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count descriptors")
def test_one_run_leaves_nothing_behind():
    """No thread, socket, task or warning is left by a run that crashed hosts and leaked tasks."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        auction = world.host("auction")
        auction.start(serve_echo)
        ws = await connected()
        asyncio.create_task(asyncio.sleep(60), name="forgotten")
        await ws.send("x")
        await asyncio.to_thread(threading.get_ident)
        auction.crash()
        auction.restart()
        await connected()
        server = await serve(echo, "bank", 80)
        await connect("ws://bank:80")
        return server, await asyncio.open_connection("bank", 80)

    def count():
        gc.collect()
        return len(os.listdir("/proc/self/fd")), threading.active_count()

    RealWorld().run(main)
    before = count()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RealWorld().run(main)

        assert before == count()


def test_a_task_that_failed_unnoticed_is_a_diagnosis():
    """A background task's exception is reported as a sentence with its line."""

    async def fails():
        raise ValueError

    async def main(world):
        asyncio.create_task(fails())
        await asyncio.sleep(0.01)

    world = RealWorld()
    world.run(main)

    (says,) = world.diagnoses
    assert says.startswith("a task ended with ValueError at test_real.py:")


def test_a_machine_that_runs_main_cannot_crash_itself():
    """A program that would crash the machine it runs on is told so."""

    async def main(world):
        async def program():
            world.host("auction").crash()

        await world.host("auction").start(program)

    with pytest.raises(WorldError, match="runs the program that would crash it"):
        RealWorld().run(main)


def test_private_parts_of_asyncio_are_where_we_expect_them():
    """The loop builds on four private names; a Python release that moves them fails here."""
    loop = asyncio.SelectorEventLoop()

    assert all(
        hasattr(loop, name)
        for name in ("_call_soon", "_ready", "_scheduled", "_make_socket_transport")
    )
    handle = loop.call_soon(print)
    assert not handle._cancelled and handle._context is not None
    loop.close()
