"""Answers to a key: such as open a line, and such as look like it; each differs in one respect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

from labs.exercises.m4_check.dialling import Answer
from labs.websocket.handshake import accept
from labs.websocket.head import Headers, Response

Told: TypeAlias = Iterator[tuple[str, Answer]]  # answers, and what each is called

UPGRADE, CONNECTION = ("Upgrade", "websocket"), ("Connection", "Upgrade")
ACCEPT = "Sec-WebSocket-Accept"


def the_right_one(key: str) -> list[str]:
    """The accept values of an answer: this one, once."""
    return [accept(key)]


def answered(
    *more: tuple[str, str],
    switch: Headers = (UPGRADE, CONNECTION),
    status: int = 101,
    reason: str = "Switching Protocols",
    accepts: Callable[[str], list[str]] = the_right_one,
    spelt: Callable[[str], str] = str,
) -> Answer:
    """The right answer to any key, or one that differs from it in this respect."""

    def answer(key: str) -> Response:
        fields = (*switch, *((ACCEPT, value) for value in accepts(key)), *more)
        return Response(status, reason, tuple((spelt(name), value) for name, value in fields))

    return answer


def plain(_: Random) -> Told:
    """Six answers as the RFC asks for them, beside a field of any web server."""
    yield from [("this answer", answered(("Server", "auction")))] * 6


def reasons(_: Random) -> Told:
    """Other words behind the 101."""
    words = "Web Socket Protocol Handshake"
    yield f"`101 {words}`", answered(reason=words)
    yield "a 101 without words", answered(reason="")


def names(_: Random) -> Told:
    """Names in small letters, and as one host spells them."""
    yield "an answer with the field `sec-websocket-accept`", answered(spelt=str.lower)
    yield "an answer with the field `Sec-Websocket-Accept`", answered(spelt=str.title)


def words(_: Random) -> Told:
    """The two words in another case."""
    loud = (("Upgrade", "WebSocket"), ("Connection", "upgrade"))
    yield "an answer with `Upgrade: WebSocket` and `Connection: upgrade`", answered(switch=loud)


def lists(_: Random) -> Told:
    """The word among others."""
    kept = (UPGRADE, ("Connection", "keep-alive, Upgrade"))
    yield "an answer with `Connection: keep-alive, Upgrade`", answered(switch=kept)


def other_statuses(_: Random) -> Told:
    """Everything is there but the 101; then a page."""
    yield "a 200 with the three fields", answered(status=200, reason="OK")
    yield "a 403 with the three fields", answered(status=403, reason="Forbidden")
    page = answered(("Content-Type", "text/html"), switch=(), accepts=lambda _: [], status=200)
    yield "a 200 with a page", page


def no_switch(_: Random) -> Told:
    """A 101 to something else, or to nothing."""
    yield "a 101 without Upgrade", answered(switch=(CONNECTION,))
    yield "a 101 without Connection", answered(switch=(UPGRADE,))
    yield "a 101 to h2c", answered(switch=(("Upgrade", "h2c"), CONNECTION))


def other_keys(rng: Random) -> Told:
    """The right recipe for another key, as a cache plays it back; no recipe at all."""
    other = accept(rng.randbytes(12).hex())
    yield "a 101 for another key", answered(accepts=lambda _: [other])
    yield "a 101 that gives the key back", answered(accepts=lambda key: [key])


def no_value(_: Random) -> Told:
    """No accept value, and an empty one."""
    yield "a 101 without an accept value", answered(accepts=lambda _: [])
    yield "a 101 with an empty accept value", answered(accepts=lambda _: [""])


def other_case(_: Random) -> Told:
    """The right letters in another case: base64 tells them apart."""
    yield "an accept value in small letters", answered(accepts=lambda key: [accept(key).lower()])


def more_than_it(_: Random) -> Told:
    """The right value with something around it."""
    yield "an accept value with more behind it", answered(accepts=lambda key: [f"{accept(key)}x"])
    yield "an accept value with more before it", answered(accepts=lambda key: [f"x{accept(key)}"])


def twice(_: Random) -> Told:
    """Two values, of which one is right."""
    stale = accept("somebody else's key")
    yield "a 101 with two accept values", answered(accepts=lambda key: [accept(key), stale])
    yield "a 101 with two accept values", answered(accepts=lambda key: [stale, accept(key)])


def subprotocols(_: Random) -> Told:
    """A subprotocol that nobody offered."""
    yield "a 101 with the subprotocol bids.v2", answered(("Sec-WebSocket-Protocol", "bids.v2"))


def extensions(_: Random) -> Told:
    """An extension that nobody offered."""
    deflate = ("Sec-WebSocket-Extensions", "permessage-deflate")
    yield "a 101 with permessage-deflate", answered(deflate)
