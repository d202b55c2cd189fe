"""Programs whose bytes must be the same in each process: `python scenarios.py` prints a hash each.

Standard library, websockets and aiohttp only, so that any interpreter that has them can run it.
"""

import asyncio
import hashlib
import json
import random
import sys
from contextlib import suppress

import aiohttp
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from labs.world.http import serve_http
from labs.world.run import observe


async def chat(world):
    """Everybody's words go to everybody, by sets of sockets and of tasks."""
    sockets, heard = set(), []

    async def handler(ws):
        sockets.add(ws)
        with suppress(ConnectionClosed):
            async for message in ws:
                await asyncio.gather(*{asyncio.create_task(one.send(message)) for one in sockets})
        sockets.discard(ws)

    async def bidder(name):
        async with connect("ws://auction:8765") as ws:
            for n in range(5):
                await asyncio.sleep(random.random())
                await ws.send(f"{name} {n}")
            with suppress(TimeoutError):
                while True:
                    heard.append((name, await asyncio.wait_for(ws.recv(), 3)))

    world.link("client", "auction").jitter = 0.05
    async with serve(handler, "auction", 8765):
        async with asyncio.TaskGroup() as group:
            for name in ("ann", "bob", "cyd", "dee"):
                world.host(name).start(bidder, name)
                group.create_task(bidder(f"{name}'s twin"))
    return sorted(heard)


async def http(world):
    """Requests in parallel and in sequence, JSON both ways, one connection kept alive."""

    async def hook(request):
        await asyncio.sleep(random.random() / 10)
        return web.json_response({"got": await request.json()})

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with serve_http(app, "bank", 80), aiohttp.ClientSession() as session:

        async def post(n):
            async with session.post("http://bank/hook", json={"n": n}) as response:
                return response.status, await response.json()

        together = await asyncio.gather(*(post(n) for n in range(5)))
        return together + [await post(n) for n in range(3)]


async def aiohttp_socket(world):
    """aiohttp's own WebSockets, whose masks come from a generator of their own."""

    async def socket(request):
        ws = web.WebSocketResponse(heartbeat=10)
        await ws.prepare(request)
        async for message in ws:
            await ws.send_str(message.data[::-1])
        return ws

    app = web.Application()
    app.router.add_get("/", socket)
    async with serve_http(app, "auction", 80), aiohttp.ClientSession() as session:
        async with session.ws_connect("http://auction/") as ws:
            await ws.send_str("masked")
            said = await ws.receive_str()
            await asyncio.sleep(60)
            return said


async def heartbeat(world):
    """A half-open peer, found out by ping and pong."""

    async def handler(ws):
        with suppress(ConnectionClosed):
            await ws.recv()

    async with serve(handler, "auction", 80, ping_interval=20, ping_timeout=20):
        sockets = {await connect("ws://auction:80", ping_interval=None) for _ in range(5)}
        await asyncio.sleep(30)
        world.cut("client", "auction")
        await asyncio.sleep(60)
        world.heal("client", "auction")
        await asyncio.sleep(1)
        return [ws.close_code for ws in sockets]


async def retries(world):
    """A sender with jittered back-off and a receiver that is down for a while."""

    async def receiver():
        async def hook(request):
            return web.Response(text=request.headers["webhook-id"])

        app = web.Application()
        app.router.add_post("/hook", hook)
        async with serve_http(app, "bank", 80):
            await asyncio.Event().wait()

    bank, attempts = world.host("bank"), []
    bank.start(receiver)
    await asyncio.sleep(1)
    bank.crash()
    asyncio.get_running_loop().call_at(600, bank.restart)
    async with aiohttp.ClientSession() as session:
        for attempt in range(12):
            await asyncio.sleep(random.uniform(0, 2**attempt))
            with suppress(aiohttp.ClientConnectionError):
                headers = {"webhook-id": f"msg_{random.getrandbits(32):08x}"}
                async with session.post("http://bank/hook", headers=headers) as response:
                    attempts.append((round(world.now, 6), await response.text()))
    return attempts


async def faults(world):
    """Each fault once, between sockets that talk all the time."""
    ended = []

    async def echo(ws):
        with suppress(ConnectionClosed):
            async for message in ws:
                await ws.send(message)

    async def auction():
        async with serve(echo, "auction", 80, ping_interval=5, ping_timeout=5):
            await asyncio.Event().wait()

    async def bidder(name):
        for _ in range(10):
            try:
                async with connect("ws://auction:80", open_timeout=3) as ws:
                    while True:
                        await ws.send(name)
                        await asyncio.wait_for(ws.recv(), 4)
                        await asyncio.sleep(0.5)
            except (OSError, ConnectionClosed) as error:
                ended.append((round(world.now, 6), name, type(error).__name__))
                await asyncio.sleep(random.random())

    machine = world.host("auction")
    machine.start(auction)
    for name in ("ann", "bob", "cyd"):
        world.host(name).start(bidder, name)
    for harm in (
        lambda: world.cut("ann", "auction", one_way=True),
        lambda: world.heal("ann", "auction"),
        lambda: world.reset("bob", "auction"),
        lambda: world.refuse("auction"),
        lambda: world.accept("auction"),
        machine.stop_reading,
        machine.read_again,
        machine.crash,
        machine.restart,
        machine.power_cut,
        machine.restart,
    ):
        await asyncio.sleep(7)
        harm()
    await asyncio.sleep(7)
    return sorted(ended)


async def narrow(world):
    """Jitter, bandwidth and small segments on one link, both directions full."""
    link = world.link("client", "bank")
    link.latency, link.jitter, link.bandwidth, link.segment_size = 0.05, 0.02, 20_000, 1_460

    async def both_ways(reader, writer):
        writer.write(bytes(50_000))
        received = len(await reader.read(-1))
        writer.close()
        return received

    async with await asyncio.start_server(both_ways, "bank", 7):
        reader, writer = await asyncio.open_connection("bank", 7)
        writer.write(bytes(60_000))
        writer.write_eof()
        return len(await reader.read(-1)), world.now


SCENARIOS = (chat, http, aiohttp_socket, heartbeat, retries, faults, narrow)


def hashes():
    """{scenario: [hash of the bytes, hash of the result]}."""
    found = {}
    for main in SCENARIOS:
        outcome, error = observe(main, seed=7)
        if error is not None:
            raise error
        result = json.dumps([outcome.result, outcome.diagnoses, outcome.time]).encode()
        found[main.__name__] = [outcome.journal.digest(), hashlib.sha256(result).hexdigest()]
    return found


if __name__ == "__main__":
    json.dump(hashes(), sys.stdout)
