"""The opening handshake: how an HTTP connection becomes a WebSocket (RFC 6455 4).

A client makes a `request` around a fresh random key; a server makes its `answer` or raises
HandshakeError, which `rejection` turns into a response; the client then runs `check`.
Key and accept prove that the peer speaks WebSocket. They prove nothing about who it is.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha1
from http import HTTPStatus

from labs.errors import HandshakeError
from labs.websocket.head import Headers, Request, Response, tokens, values

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
VERSION = "13"


def accept(key: str) -> str:
    """The Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key."""
    # RFC 6455 4.2.2: the key is taken as the text it travelled as, it is not decoded first
    return b64encode(sha1((key + GUID).encode("latin-1")).digest()).decode("ascii")


def request(
    host: str,
    target: str,
    nonce: bytes,
    origin: str | None = None,
    subprotocols: Sequence[str] = (),
) -> Request:
    """A client's request; `nonce` is 16 fresh random bytes, subprotocols the dearest first."""
    headers = [
        ("Host", host),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", b64encode(nonce).decode("ascii")),
        ("Sec-WebSocket-Version", VERSION),
    ]
    if origin is not None:
        headers.append(("Origin", origin))
    if subprotocols:
        headers.append(("Sec-WebSocket-Protocol", ", ".join(subprotocols)))
    return Request(target, tuple(headers))


def answer(
    request: Request,
    origins: Sequence[str] | None = None,
    subprotocols: Sequence[str] = (),
) -> Response:
    """A server's 101 response; raises HandshakeError with the status to refuse with.

    `origins` None lets everybody in; `subprotocols` are the server's, the dearest first.
    """
    _check_method(request)
    _check_upgrade(request.headers)
    key = _key(request.headers)
    if origins is not None and values(request.headers, "Origin") not in [[o] for o in origins]:
        raise HandshakeError("this origin is not on the list", "RFC 6455 10.2", 403)
    offered = tokens(request.headers, "Sec-WebSocket-Protocol")
    chosen = next((name for name in subprotocols if name in offered), None)
    headers = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", accept(key)),
    ]
    if chosen:  # RFC 6455 4.2.2: one that the client offered, or no such header at all
        headers.append(("Sec-WebSocket-Protocol", chosen))
    return Response(101, "Switching Protocols", tuple(headers))


def rejection(error: HandshakeError) -> Response:
    """The response with which a server refuses, and what the status obliges it to say."""
    required: dict[int, Headers] = {
        405: (("Allow", "GET"),),
        426: (("Upgrade", "websocket"), ("Sec-WebSocket-Version", VERSION)),
    }
    closing = (("Connection", "close"), ("Content-Length", "0"))
    reason = HTTPStatus(error.status).phrase
    return Response(error.status, reason, required.get(error.status, ()) + closing)


def check(response: Response, key: str, offered: Sequence[str] = ()) -> str | None:
    """The subprotocol that the server chose, if any; raises HandshakeError if it may not be."""
    if response.status != 101:
        raise HandshakeError(f"the server answered {response.status}, not 101", "RFC 6455 4.1")
    _check_upgrade(response.headers)
    if _single(response.headers, "Sec-WebSocket-Accept") != accept(key):
        raise HandshakeError("Sec-WebSocket-Accept does not belong to our key", "RFC 6455 4.1")
    if values(response.headers, "Sec-WebSocket-Extensions"):
        raise HandshakeError("an extension that was not offered", "RFC 6455 4.1")
    if not values(response.headers, "Sec-WebSocket-Protocol"):
        return None
    chosen = _single(response.headers, "Sec-WebSocket-Protocol")
    if chosen not in offered:
        raise HandshakeError("a subprotocol that was not offered", "RFC 6455 4.1")
    return chosen


def _check_method(request: Request) -> None:
    if request.version != "1.1":
        raise HandshakeError("an upgrade needs HTTP/1.1", "RFC 6455 4.1", 505)
    if request.method != "GET":
        raise HandshakeError("the method must be GET", "RFC 6455 4.1", 405)
    _single(request.headers, "Host")


def _check_upgrade(headers: Headers) -> None:
    # RFC 6455 4.2.1: both are lists, and both are compared without regard to case
    if "websocket" not in map(str.lower, tokens(headers, "Upgrade")):
        raise HandshakeError("no 'Upgrade: websocket'", "RFC 6455 4.2.1", 426)
    if "upgrade" not in map(str.lower, tokens(headers, "Connection")):
        raise HandshakeError("no 'Connection: Upgrade'", "RFC 6455 4.2.1", 426)


def _key(headers: Headers) -> str:
    if values(headers, "Sec-WebSocket-Version") != [VERSION]:
        raise HandshakeError("version 13 is the one spoken here", "RFC 6455 4.4", 426)
    key = _single(headers, "Sec-WebSocket-Key")
    try:
        nonce = b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raise HandshakeError("the key is not base64", "RFC 6455 4.2.1") from None
    if len(nonce) != 16:
        raise HandshakeError(f"the key is {len(nonce)} bytes, not 16", "RFC 6455 4.2.1")
    return key


def _single(headers: Headers, name: str) -> str:
    found = values(headers, name)
    if len(found) != 1:
        times = f"{name} must be there once, it is there {len(found)} times"
        raise HandshakeError(times, "RFC 6455 4.2.1")
    return found[0]
