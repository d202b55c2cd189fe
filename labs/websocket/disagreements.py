"""Where two good libraries read the same bytes differently, and which sentence decides.

Found by giving websockets 17.4, wsproto 1.3.2 and our own reader the same bytes; the tests run
all three again. "fail 1002" means that the connection is failed with that close code.
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.websocket.frames import Role


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What each makes of `received`, read as `role`; `right` names who follows `rule`."""

    name: str
    role: Role
    received: bytes
    websockets: str
    wsproto: str
    right: str
    rule: str


FRAMES = (
    Disagreement(
        "length 5 written in two bytes",
        Role.CLIENT,
        bytes.fromhex("827e0005") + b"Hello",
        "binary 48656c6c6f",
        "fail 1002",
        "wsproto",
        'RFC 6455 5.2: "the minimal number of bytes MUST be used to encode the length"',
    ),
    Disagreement(
        "64-bit length with its highest bit set",
        Role.CLIENT,
        bytes.fromhex("827f8000000000000000"),
        "fail 1009",
        "fail 1002",
        "wsproto",
        'RFC 6455 5.2: "the most significant bit MUST be 0"; 1009 is for a length that may be',
    ),
    Disagreement(
        "close frame inside a fragmented message",
        Role.CLIENT,
        bytes.fromhex("0201ff880203e8"),
        "fail 1002",
        "close 1000 ''",
        "wsproto",
        'RFC 6455 5.5: control frames "can be interjected in the middle of a fragmented message"',
    ),
    Disagreement(
        "close code 1014",
        Role.CLIENT,
        bytes.fromhex("880203f6"),
        "close 1014 ''",
        "fail 1002",
        "websockets",
        "RFC 6455 7.4.2 leaves 1000 to 2999 to the registry, and IANA has registered 1014",
    ),
    Disagreement(
        "first fragment of a text, already not UTF-8",
        Role.CLIENT,
        bytes.fromhex("0101ff"),
        "",
        "fail 1007",
        "both",
        "RFC 6455 8.1 demands that the connection fails, not when; early spares memory",
    ),
    Disagreement(
        "close frame with a forbidden code and a reason that is not UTF-8",
        Role.CLIENT,
        bytes.fromhex("8803ffffff"),
        "fail 1007",
        "fail 1002",
        "both",
        "RFC 6455 7.4 and 8.1 are both broken; neither says which is told first",
    ),
    Disagreement(
        "a frame of 2,000,000 bytes is announced",
        Role.CLIENT,
        bytes.fromhex("827f00000000001e8480"),
        "fail 1009",
        "",
        "both",
        "RFC 6455 10.4: whoever has a limit must guard it; wsproto leaves it to its caller",
    ),
)

_REQUEST = (
    b"GET /chat HTTP/1.1\r\nHost: auction\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def _handshake(
    name: str, old: bytes, new: bytes, websockets: str, wsproto: str, right: str, rule: str
) -> Disagreement:
    received = _REQUEST.replace(old, new)
    return Disagreement(name, Role.SERVER, received, websockets, wsproto, right, rule)


HANDSHAKES = (
    _handshake(
        "version 8", b"Version: 13", b"Version: 8",
        "400", "426", "wsproto",
        'RFC 6455 4.2.2: "such as 426 Upgrade Required", with the versions that are understood',
    ),
    _handshake(
        "no Upgrade", b"Upgrade: websocket\r\n", b"",
        "426", "400", "both",
        'RFC 6455 4.2.1: "an appropriate HTTP error code (such as 400 Bad Request)"',
    ),
    _handshake(
        "POST", b"GET", b"POST",
        "405", "400", "both",
        "RFC 6455 4.2.1 asks for a GET; RFC 9110 15.5.6 has 405 for a wrong method",
    ),
    _handshake(
        "no Host", b"Host: auction\r\n", b"",
        "101", "400", "wsproto",
        "RFC 6455 4.2.1 lists Host; RFC 9112 3.2: a server must answer 400 without it",
    ),
    _handshake(
        "a key of 15 bytes", b"dGhlIHNhbXBsZSBub25jZQ==", b"AAAAAAAAAAAAAAAAAAAA",
        "400", "101", "websockets",
        'RFC 6455 4.2.1: a key "that, when decoded, is 16 bytes in length"',
    ),
    _handshake(
        "two keys", b"Sec-WebSocket-Version", b"Sec-WebSocket-Key: AA==\r\nSec-WebSocket-Version",
        "400", "101", "websockets",
        "RFC 6455 11.3.1: the key must not appear more than once in a request",
    ),
    _handshake(
        "HTTP/1.0", b"HTTP/1.1", b"HTTP/1.0",
        "505", "101", "websockets",
        'RFC 6455 4.2.1: "An HTTP/1.1 or higher GET request"',
    ),
)  # fmt: skip


def table(disagreements: tuple[Disagreement, ...] = FRAMES + HANDSHAKES) -> str:
    """The disagreements as a Markdown table."""
    lines = ["| bytes | websockets | wsproto | right | by |", "|---|---|---|---|---|"]
    for each in disagreements:
        said = (each.websockets or "waits", each.wsproto or "waits")
        lines.append(f"| {each.name} | {said[0]} | {said[1]} | {each.right} | {each.rule} |")
    return "\n".join(lines)
