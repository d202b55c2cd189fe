"""Requests as bidders really send them, each different from the plainest one in one respect."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from random import Random

from labs.websocket import frames
from labs.websocket.frames import Frame, Opcode

RFC_KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455, 1.3
LINE = "GET /bids HTTP/1.1"

Fields = list[tuple[str, str]]


def fresh_key(rng: Random) -> str:
    """A key as a client draws it: 16 random bytes in base64."""
    return b64encode(rng.randbytes(16)).decode("ascii")


def plain(key: str) -> Fields:
    """The five fields, in their usual spelling."""
    return [
        ("Host", "auction"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
    ]


def with_value(fields: Fields, name: str, *values: str) -> Fields:
    """The fields with these values under that name, a line each; with none, it is left out."""
    at = [field for field, _ in fields].index(name)
    return [*fields[:at], *((name, value) for value in values), *fields[at + 1 :]]


def head(fields: Iterable[tuple[str, str]], line: str = LINE, colon: str = ": ") -> bytes:
    """The bytes of a request."""
    lines = [line, *(f"{name}{colon}{value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def shouted(rng: Random, word: str) -> str:
    """The word in another case: HOST, or hOsT."""
    mixed = "".join(rng.choice((letter.lower(), letter.upper())) for letter in word)
    return mixed if mixed not in (word, word.lower()) else word.upper()


def bid(rng: Random, says: str) -> bytes:
    """A client's text frame under a random mask."""
    return frames.serialize(Frame(Opcode.TEXT, says.encode(), mask=rng.randbytes(4)))


def bid_with_blank_line(rng: Random) -> bytes:
    """A client's frame in whose bytes CR LF CR LF stand, as random masks bring about."""
    mask = rng.randbytes(4)
    hidden = frames.apply_mask(b"\r\n\r\n", mask)
    return frames.serialize(Frame(Opcode.BINARY, b"bid " + hidden + b" 100", mask=mask))


def cut(rng: Random, whole: bytes, pieces: int) -> list[bytes]:
    """The bytes in that many pieces, cut at random places, one of them within the blank line."""
    last = len(whole) - rng.randint(1, 3)
    places = sorted({*rng.sample(range(1, last), pieces - 2), last})
    return [whole[a:b] for a, b in zip([0, *places], [*places, len(whole)], strict=True)]
