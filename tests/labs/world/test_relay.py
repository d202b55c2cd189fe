"""The relay forwards both ways in both modes, closes silent lines, and can break an upgrade."""

from __future__ import annotations

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from labs.world.real import RealWorld
from labs.world.relay import drop_hop_by_hop, relay
from labs.world.run import observe

from .programs import serve_echo

REQUEST = (
    b"GET /bids HTTP/1.1\r\nHost: auction\r\nUpgrade: websocket\r\nconnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


def run(main, mode):
    """The result of main in one mode."""
    if mode == "real":
        return RealWorld().run(main)
    outcome, error = observe(main)
    if error is not None:
        raise error
    return outcome.result


async def listening(host, port):
    """Return once somebody listens there."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except ConnectionRefusedError:
            await asyncio.sleep(0)
        else:
            writer.close()
            return


async def through_the_relay(world, **options):
    """A connection by way of the proxy, made as soon as both programs listen."""
    world.host("auction").start(serve_echo)
    world.host("proxy").start(lambda: relay(**options))
    await listening("auction", 8765)
    await listening("proxy", 8080)
    return await connect("ws://proxy:8080", ping_interval=None)


@pytest.mark.parametrize("mode", ["virtual", "real"])
def test_a_relay_forwards_both_ways(mode):
    """A WebSocket through the relay works as one without it."""

    async def main(world):
        async with await through_the_relay(world) as ws:
            await ws.send("100")
            return await ws.recv()

    assert run(main, mode) == "100"


@pytest.mark.parametrize("mode", ["virtual", "real"])
def test_a_line_that_is_silent_for_too_long_is_closed(mode):
    """After idle_timeout seconds without a byte the relay ends both connections."""
    # In real time the handshake too has to be quicker than this, on a machine that is busy.
    idle = {"virtual": 0.3, "real": 2.0}[mode]

    async def main(world):
        ws = await through_the_relay(world, idle_timeout=idle)
        await ws.send("still here")
        await ws.recv()
        begun = world.now
        with pytest.raises(ConnectionClosedError):
            await ws.recv()
        return world.now - begun

    # The last byte passed the relay one latency before it was here, and the FIN takes another.
    assert run(main, mode) >= 0.95 * idle


def test_a_line_that_is_used_stays_open():
    """Each message puts off the end of the line."""

    async def main(world):
        async with await through_the_relay(world, idle_timeout=0.5) as ws:
            for _ in range(4):
                await asyncio.sleep(0.2)
                await ws.send("still here")
                await ws.recv()
            return "open"

    # In virtual time only: in real time a busy machine could be late by more than the timeout.
    assert run(main, "virtual") == "open"


@pytest.mark.parametrize("mode", ["virtual", "real"])
def test_without_hop_by_hop_fields_there_is_no_upgrade(mode):
    """A proxy that drops Upgrade and Connection turns the handshake into a plain GET: 426."""

    async def main(world):
        with pytest.raises(InvalidStatus) as refused:
            await through_the_relay(world, rewrite=drop_hop_by_hop)
        return refused.value.response.status_code

    assert run(main, mode) == 426


def test_only_hop_by_hop_fields_are_dropped():
    """Names are compared without regard to case; every other field stays as it was."""
    assert drop_hop_by_hop(REQUEST) == (
        b"GET /bids HTTP/1.1\r\nHost: auction\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )


@pytest.mark.parametrize("mode", ["virtual", "real"])
def test_a_careless_relay_harms_what_the_first_read_holds(mode):
    """It is given the head of the answer and what came behind it; the rest passes untouched."""
    seen = []

    def harm(head, behind):
        seen.append((head, behind))
        return head.replace(b"200 OK", b"202 Accepted")

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nfirst")
        await reader.readexactly(2)
        writer.write(b"second")
        writer.close()

    async def main(world):
        await asyncio.start_server(answer, "auction", 8765)
        world.host("proxy").start(lambda: relay(harm=harm))
        await listening("proxy", 8080)
        reader, writer = await asyncio.open_connection("proxy", 8080)
        writer.write(REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"go")
        rest = await reader.read()
        writer.close()
        return head, rest

    assert run(main, mode) == (b"HTTP/1.1 202 Accepted\r\n\r\n", b"second")
    assert seen == [(b"HTTP/1.1 200 OK\r\n\r\n", b"first")]


def test_a_target_that_refuses_ends_the_line():
    """Nobody behind the relay: the client's connection is closed without an answer."""

    async def main(world):
        world.host("proxy").start(relay)
        await listening("proxy", 8080)
        reader, writer = await asyncio.open_connection("proxy", 8080)
        answer = await reader.read()
        writer.close()
        return answer

    assert run(main, "real") == b""
