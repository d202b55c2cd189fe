"""What lesson M4 relies on and its notebook cannot show."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from websockets.asyncio.server import serve

from labs import World, run
from labs.outcome import Run
from labs.websocket.handshake import accept, request
from labs.websocket.head import Response, parse_response, serialize, values

NONCE = b"the sample nonce"  # RFC 6455 1.3
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def answered_with(value: str) -> Run:
    """A run in which a client's key is answered by a 101 with this accept value."""
    fields = (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", value))

    async def on_connect(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(serialize(Response(101, "Switching Protocols", fields)))
        await reader.read()
        writer.close()

    async def main(world: World) -> None:
        await asyncio.start_server(on_connect, "auction", 80)
        reader, writer = await asyncio.open_connection("auction", 80)
        writer.write(serialize(request("auction", "/bids", NONCE)))
        await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await asyncio.sleep(1)

    return run(main, at="bidder")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (accept(KEY), "open"),
        (accept("somebody else's key"), "not open: the accept value is wrong"),
        ("", "not open: the accept value is wrong"),
    ],
)
def test_a_client_believes_in_the_line_only_when_the_accept_value_is_its_own(
    value: str, says: str
) -> None:
    """The picture says of the client what RFC 6455 4.1 makes it decide."""
    lines = [line.split() for line in answered_with(value).text.splitlines()]
    beliefs = [" ".join(words[5:]) for words in lines if words[3:5] == ["bidder", "o"]]
    assert says in beliefs


def refused_or_not(origin: str | None, offered: tuple[str, ...]) -> Response:
    """What a websockets server says that has a list of origins and of subprotocols."""

    async def main(world: World) -> Any:
        rules: Any = {"origins": ["https://auction.example"], "subprotocols": ["v2", "v1"]}
        await serve(lambda line: line.wait_closed(), "auction", 80, **rules)
        reader, writer = await asyncio.open_connection("auction", 80)
        writer.write(serialize(request("auction", "/bids", NONCE, origin, offered)))
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return parse_response(answer)

    response = run(main, at="bidder").result
    assert isinstance(response, Response)
    return response


@pytest.mark.parametrize(
    ("origin", "offered", "status", "chosen"),
    [
        (None, ("v1", "v2"), 403, []),
        ("https://elsewhere.example", ("v1", "v2"), 403, []),
        ("https://auction.example", (), 400, []),
        ("https://auction.example", ("v1", "v2"), 101, ["v2"]),
    ],
)
def test_the_library_refuses_foreign_origins_and_picks_a_subprotocol_in_its_own_order(
    origin: str | None, offered: tuple[str, ...], status: int, chosen: list[str]
) -> None:
    """The lesson's answers to questions say so of websockets 17.4; no cell of it runs this."""
    answer = refused_or_not(origin, offered)
    assert answer.status == status
    assert values(answer.headers, "Sec-WebSocket-Protocol") == chosen
