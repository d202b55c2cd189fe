"""aiohttp on a machine of the world: an application, or one handler."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from labs.world.http import serve_http
from labs.world.real import RealWorld
from labs.world.run import observe


async def accept(request: web.BaseRequest) -> web.StreamResponse:
    """One handler for whatever is asked."""
    return web.Response(text=f"{request.method} {request.path}")


def application() -> web.Application:
    """The same handler behind a route."""
    app = web.Application()
    app.router.add_get("/bids", accept)
    return app


@pytest.mark.parametrize("mode", ["virtual", "real"])
@pytest.mark.parametrize("served", [application, lambda: accept], ids=["application", "handler"])
def test_an_application_and_a_single_handler_are_served_alike(mode, served):
    """Either answers on the machine and port it was given, and is gone after the `async with`."""

    async def main(world):
        async with serve_http(served(), "auction", 80):
            reader, writer = await asyncio.open_connection("auction", 80)
            writer.write(b"GET /bids HTTP/1.1\r\nHost: auction\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("auction", 80)
        return answer

    if mode == "real":
        answer = RealWorld().run(main)
    else:
        outcome, error = observe(main)
        assert error is None
        answer = outcome.result
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nGET /bids")
