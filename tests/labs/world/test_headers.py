"""What libraries write by themselves depends neither on a version nor on when they are loaded."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

LATE = """
import hashlib
from labs import run

async def main(world):
    import aiohttp, websockets
    from aiohttp import web
    from labs import serve_http

    async def talk(ws):
        await ws.send(await ws.recv())

    async def hook(request):
        return web.Response()

    app = web.Application()
    app.router.add_post("/", hook)
    async with serve_http(app, "auction", 80), websockets.serve(talk, "auction", 8765):
        async with websockets.connect("ws://auction:8765") as ws:
            await ws.send("x")
            await ws.recv()
        async with aiohttp.ClientSession() as session:
            await session.post("http://auction/")
            async with session.ws_connect("ws://auction:8765") as ws:
                await ws.send_str("x")
                await ws.receive()

first, second = run(main), run(main)
sent = [b"".join(e.data for e in r.journal.events if hasattr(e, "data")) for r in (first, second)]
assert sent[0] == sent[1], sent
assert b"Python" not in sent[0]

import builtins, websockets.asyncio.server, websockets.asyncio.client, aiohttp.web_response
assert builtins.__import__.__module__ == "builtins"
assert "Python" in websockets.asyncio.server.serve.__kwdefaults__["server_header"]
assert websockets.asyncio.client.connect.__init__.__kwdefaults__["proxy"] is True
assert "Python" in aiohttp.web_response.SERVER_SOFTWARE
"""


def test_libraries_that_are_loaded_in_the_middle_of_a_run():
    """The run in which they are imported has the bytes of the next one; then all is undone."""
    done = subprocess.run(
        [sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
