"""Real mode: the same programs on loopback sockets, in real time, through the proxy."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import ssl
import threading
import time
import warnings
from pathlib import Path

import aiohttp
import pytest
import trustme
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from labs.errors import Escape, OutOfTime, WorldError
from labs.journal import Note, Opened, Sent
from labs.world.real import RealWorld

from .programs import QUICK, connected, echo, kinds, serve_echo


def test_websocket_server_and_client_talk_by_host_name():
    """An unmodified websockets client on one machine reaches the server on another by name."""

    async def main(world):
        async with serve(echo, "auction", 8765):
            with world.host("bidder"):
                async with connect("ws://auction:8765") as ws:
                    await ws.send("100")
                    return await ws.recv()

    world = RealWorld()

    assert world.run(main) == "100"
    assert [(event.client, event.server, event.port) for event in kinds(world, Opened)] == [
        ("bidder", "auction", 8765)
    ]
    request = next(event for event in kinds(world, Sent) if event.sender == "bidder")
    assert request.data.startswith(b"GET / HTTP/1.1\r\nHost: auction:8765\r\n")
    assert world.journal().mode == "real"
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
            async with (
                aiohttp.ClientSession() as session,
                session.post("http://auction:8080/hook", data="paid") as answer,
            ):
                result = await answer.json()
        await runner.cleanup()
        return result

    assert RealWorld().run(main) == {"got": "paid", "host": "auction:8080"}


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

    assert [(event.host, event.says) for event in kinds(world, Note)] == [
        ("auction", "handler"),
        ("auction", "task"),
        ("bank", "http"),
        ("bidder", "main"),
    ]


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

    assert RealWorld().run(main) == "here"


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
        async with (
            serve(echo, "auction", 8765),
            connect("ws://auction:8765", compression=None) as ws,
        ):
            await ws.send("x")
            blocked_from = world.now
            time.sleep(1.0)
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

    before = signal.getsignal(signal.SIGINT)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        RealWorld().run(main)

    assert said == ["cleaned up"]
    assert time.monotonic() - begun < 10
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_does_not_wait_for_farewells(capfd):
    """With connections open, and a cut that no farewell gets through, an interrupt is as quick."""

    async def main(world):
        async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
            await ws.send("x")
            world.cut("client", "auction")
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
            interrupted_at.append(time.monotonic())
            await ws.recv()

    interrupted_at = []
    with pytest.raises(KeyboardInterrupt):
        RealWorld().run(main)
    took = time.monotonic() - interrupted_at[0]
    gc.collect()

    assert took < 5  # 0.5 on a machine that has nothing else to do
    assert capfd.readouterr().err == ""


def test_a_run_in_another_thread():
    """Outside the main thread, where there are no signals, a run works and is ended as well."""
    caught = []

    async def main(world):
        while True:
            pass

    def program():
        try:
            RealWorld().run(main, max_time=0.2)
        except OutOfTime as error:
            caught.append(str(error))

    thread = threading.Thread(target=program)
    thread.start()
    thread.join(30)

    (says,) = caught
    assert "in main does not yield" in says


def test_a_skewed_machine_has_its_own_time():
    """time.time() on a machine whose clock is ahead is ahead, on the others it is not."""

    async def main(world):
        world.host("auction").skew = 90.0
        here = time.time()
        with world.host("auction"):
            there = time.time()
        return there - here

    world = RealWorld()

    assert 90 <= world.run(main) < 120
    assert any("skew moves time.time() alone" in says for says in world.diagnoses)
    assert time.time.__name__ == "time"


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

    assert asyncio.run(cell()) == "nested"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count descriptors")
def test_one_run_leaves_nothing_behind():
    """No thread, socket, task or warning is left by a run that crashed hosts and leaked tasks."""

    async def main(world):
        world.link("client", "auction").latency = QUICK
        auction = world.host("auction")
        auction.start(serve_echo)
        ws = await connected()
        forgotten = asyncio.create_task(asyncio.sleep(60))
        await ws.send("x")
        await asyncio.to_thread(threading.get_ident)
        auction.crash()
        auction.restart()
        await connected()
        server = await serve(echo, "bank", 80)
        await connect("ws://bank:80")
        return server, forgotten, await asyncio.open_connection("bank", 80)

    def count():
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

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
        failing = asyncio.create_task(fails())
        await asyncio.wait([failing])

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
    assert handle._cancelled is False
    assert handle._context is not None
    loop.close()


@pytest.fixture(scope="module")
def authority():
    """A throw-away certificate authority, and a context for each side of a connection."""
    ca = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    ca.issue_cert("auction").configure_cert(server)
    ca.configure_trust(client)
    return {"server": server, "client": client}


def test_tls_hides_a_bid_from_the_wire(authority):
    """wss works by host name, and the journal holds what a network sees: no word of it."""

    async def main(world):
        async with serve(echo, "auction", 443, ssl=authority["server"]):
            with world.host("bidder"):
                async with connect("wss://auction", ssl=authority["client"]) as line:
                    await line.send("bid 120")
                    return await line.recv()

    world = RealWorld()

    assert world.run(main) == "bid 120"
    sent = b"".join(event.data for event in kinds(world, Sent))
    assert sent[:2] == b"\x16\x03"
    assert b"bid 120" not in sent
    assert world.diagnoses == []


def test_tls_refuses_a_name_that_is_not_in_the_certificate(authority):
    """The same server under another name is not the one that was certified."""

    async def main(world):
        async with serve(echo, "gateway", 443, ssl=authority["server"]):
            with world.host("bidder"), pytest.raises(ssl.SSLCertVerificationError) as refused:
                await connect("wss://gateway", ssl=authority["client"])
            return refused.value.verify_code

    assert RealWorld().run(main) == 62  # X509_V_ERR_HOSTNAME_MISMATCH
