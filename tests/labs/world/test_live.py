"""Live servers: real ports beside the notebook, which leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest
from aiohttp import web
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from labs.errors import WorldError
from labs.live_view import SERVERS, STOPPED, TEXT, LiveView
from labs.world.live import live
from labs.world.real import RealWorld

SCRIPT = """
import signal
from labs.world.live import live

async def on_bid(websocket):
    async for message in websocket:
        await websocket.send(message)

signal.signal(signal.SIGINT, signal.default_int_handler)
server = live(on_bid)
print(server.port, flush=True)
signal.pause()
"""


@pytest.fixture(autouse=True)
def nothing_is_left():
    """Every test ends with no live server and no thread of one."""
    yield
    SERVERS.stop_all()
    SERVERS.begin("")
    assert not [thread for thread in threading.enumerate() if thread.name == "live"]


async def on_bid(websocket):
    """Answer every bid; fail on one that is not a number."""
    async for message in websocket:
        await websocket.send(str(int(message) + 1))


def application():
    """An application that greets, and fails at /fail."""

    async def hello(request):
        return web.Response(text="hello")

    async def fail(request):
        raise ValueError(request.path)

    app = web.Application()
    app.router.add_get("/", hello)
    app.router.add_get("/fail", fail)
    return app


def get(server, path="/"):
    """Status and body that the server answers to a GET."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def is_open(port):
    """Whether somebody listens on this port of this computer."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_websocket_handler_is_served():
    """A client of this computer talks to the handler at the live address."""
    server = live(on_bid)

    with connect(server.url, proxy=None) as ws:
        ws.send("100")
        assert ws.recv(timeout=10) == "101"
    assert server.url == f"ws://127.0.0.1:{server.port}"


def test_an_application_is_served():
    """An aiohttp application answers at the live address."""
    server = live(application())

    assert get(server) == (200, b"hello")
    assert server.url.startswith("http://127.0.0.1:")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_talks_to_a_live_server():
    """Curl gets a page from an application, and 426 from a WebSocket server without an upgrade."""
    web_server, ws_server = live(application()), live(on_bid)

    def curl(port, *options):
        command = ["curl", "-sS", "--noproxy", "*", "-m", "10", *options]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
        )
        return done.stdout

    assert curl(web_server.port) == "hello"
    assert "426 Upgrade Required" in curl(ws_server.port, "-i")
    upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"]
    key = ["-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    answer = subprocess.run(
        [
            "curl",
            "-sS",
            "--http1.1",
            "--noproxy",
            "*",
            "-i",
            "-m",
            "1",
            *upgrade,
            *key,
            f"http://127.0.0.1:{ws_server.port}/",
        ],
        capture_output=True,
        check=False,
    )
    # RFC 6455, 1.3: the answer to this very key.
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer.stdout


def test_a_browser_gets_a_page_to_talk_from():
    """Who asks a WebSocket server for HTML gets a page that opens a WebSocket."""
    server = live(on_bid)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/", headers={"Accept": "text/html"})
    answer = connection.getresponse()

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"new WebSocket" in answer.read()
    connection.close()


def test_the_text_is_fixed():
    """What a notebook stores never holds the address."""
    server = live(on_bid)

    assert repr(server) == TEXT
    assert str(server.port) not in repr(server)
    server.stop()
    assert repr(server) == STOPPED


def test_it_starts_inside_a_running_loop():
    """In a kernel's loop, live() is a plain call."""

    async def cell():
        with live(application()) as server:
            return await asyncio.to_thread(get, server)

    assert asyncio.run(cell()) == (200, b"hello")


def test_running_a_cell_again_replaces_its_server():
    """The earlier run's server is gone, others stay, two of one run stand side by side."""
    SERVERS.begin("cell one")
    old, second = live(on_bid), live(application())
    SERVERS.begin("cell two")
    other = live(on_bid)
    SERVERS.begin("cell one")
    new = live(on_bid)

    assert [is_open(each.port) for each in (old, second, other, new)] == [False, False, True, True]


def test_without_cells_the_same_handler_replaces_its_server():
    """In a script, serving a handler of the same name again ends the earlier server."""
    old, new = live(on_bid), live(on_bid)

    assert (is_open(old.port), is_open(new.port)) == (False, True)


def test_an_application_can_be_served_again():
    """The same application object serves after a first server of it, and after a world ran it."""
    app = application()

    async def main(world):
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "bank", 80).start()

    RealWorld().run(main)
    for _ in range(2):
        assert get(live(app)) == (200, b"hello")


def test_a_failing_websocket_handler_is_one_sentence():
    """The client gets 1011, the view a sentence with the line, and the server goes on."""
    server = live(on_bid)
    told = threading.Event()
    server.changed.append(told.set)

    with connect(server.url, proxy=None) as ws:
        ws.send("a lot")
        with pytest.raises(ConnectionClosedError) as closed:
            ws.recv(timeout=10)
    assert closed.value.rcvd.code == 1011
    assert told.wait(10)
    (says,) = server.noticed
    assert says.startswith("a handler ended with ValueError at test_live.py:")
    assert repr(server).splitlines() == [TEXT, says]
    with connect(server.url, proxy=None) as ws:
        ws.send("1")
        assert ws.recv(timeout=10) == "2"


def test_a_failing_request_handler_is_one_sentence(capfd):
    """The client gets 500, the view a sentence, stderr nothing."""
    server = live(application())

    assert get(server, "/fail")[0] == 500
    assert get(server) == (200, b"hello")
    assert server.noticed[0].startswith("a handler ended with ValueError at test_live.py:")
    assert capfd.readouterr().err == ""


def test_a_client_that_vanishes_is_no_failure():
    """A connection that breaks off is the peer's affair; nothing is noticed."""
    server = live(on_bid)
    with socket.create_connection(("127.0.0.1", server.port)) as rude:
        rude.sendall(b"GET / HT")
    with connect(server.url, proxy=None) as ws:
        ws.socket.close()
    server.stop()

    assert server.noticed == []


def test_open_connections_do_not_hold_up_the_end():
    """Stopping says goodbye to clients that stay, and is done within seconds."""
    server = live(on_bid)
    with connect(server.url, proxy=None) as ws:
        server.stop()
        with pytest.raises(Exception, match="1001"):
            ws.recv(timeout=10)

    assert not is_open(server.port)
    assert not server.running


@pytest.mark.parametrize("port", [0, 99_999])
def test_an_application_that_does_not_start_is_one_sentence(port):
    """What its own start-up raises, or a port that cannot be, is refused; no server is claimed."""

    async def open_database(_):
        raise LookupError("no database")

    app = web.Application()
    if not port:
        app.on_startup.append(open_database)

    with pytest.raises(WorldError, match=r"could not start: (no database|.*port must be 0-65535)"):
        live(app, port=port)


def test_a_port_that_is_taken_is_one_sentence():
    """A port in use is refused with a sentence; nothing is left running."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(WorldError, match="could not start"),
    ):
        live(on_bid, port=taken.getsockname()[1])


def test_something_else_is_refused():
    """A thing that is neither a handler nor an application is refused with a sentence."""
    with pytest.raises(WorldError, match="not int"):
        live(7)


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_a_process_that_ends_leaves_no_port(signal_name):
    """Interrupted or ended, the process takes its live server with it."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", SCRIPT]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "cwd": root}
    with subprocess.Popen(command, text=True, env=dict(os.environ), **options) as process:
        port = int(process.stdout.readline())
        assert is_open(port)
        process.send_signal(signal.Signals[signal_name])
        assert process.wait(timeout=30) != 0

    assert not is_open(port)


def test_the_view_is_known_by_a_type_that_computes():
    """Whoever shows a live server needs no part of the world to know it."""
    assert isinstance(live(on_bid), LiveView)
    assert LiveView.__module__ == "labs.live_view"
