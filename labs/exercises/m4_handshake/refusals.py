"""Whom `handshake` has to turn away, and with which status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from labs.exercises.m4_handshake.asking import Fields, fresh_key, head, plain, with_value
from labs.exercises.m4_handshake.door import Door
from labs.exercises.m4_handshake.seen import Complaint, kept_out
from labs.exercises.scenario import Stage

KEY, VERSION = "Sec-WebSocket-Key", "Sec-WebSocket-Version"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One respect in which a request is unlawful, and the bug of whoever lets it in."""

    name: str
    did: str
    bug: str
    statuses: tuple[int, ...]
    requests: Callable[[Random, Fields], Iterator[tuple[str, bytes]]]

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The bug when one of them gets in, or is refused in a way that helps nobody."""
        door = Door(stage)
        for what, request in self.requests(stage.rng, plain(fresh_key(stage.rng))):
            knock = await door.knock(request)
            if complaint := kept_out(knock, self.bug, what, self.statuses):
                return complaint
        return None


def posts(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Another method than GET."""
    yield "a POST", head(fields, "POST /bids HTTP/1.1")


def old_http(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """HTTP/1.0, as some proxies speak it to the server behind them."""
    yield "a request in HTTP/1.0", head(fields, "GET /bids HTTP/1.0")


def proxied(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """What is left of a handshake behind a proxy; then a page that somebody asked for."""
    yield "a request without Upgrade", head(with_value(fields, "Upgrade"))
    yield "a request without Connection", head(with_value(fields, "Connection"))
    yield "an Upgrade to something else", head(with_value(fields, "Upgrade", "h2c"))
    yield "an ordinary GET", head(fields[:1])


def versions(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """The version of a draft; none at all."""
    yield "version 8", head(with_value(fields, VERSION, "8"))
    yield "a request without a version", head(with_value(fields, VERSION))


def lengths(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Keys of other lengths, and none."""
    short, long = "MTIzNDU2Nzg5MDEyMzQ1", "MTIzNDU2Nzg5MDEyMzQ1Njc4"
    yield "a key of 15 bytes", head(with_value(fields, KEY, short))
    yield "a key of 18 bytes", head(with_value(fields, KEY, long))
    yield "an empty key", head(with_value(fields, KEY, ""))
    yield "a request without a key", head(with_value(fields, KEY))


def letters(rng: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Keys that are not base64: a letter that does not belong there, a padding too short."""
    key, at = fresh_key(rng), rng.randrange(1, 20)
    strange = key[:at] + rng.choice("*!-_.~") + key[at:]
    yield f"the key `{strange}`", head(with_value(fields, KEY, strange))
    yield f"the key `{key[:-1]}`", head(with_value(fields, KEY, key[:-1]))


def twice(rng: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Two keys: whose answer would it be?"""
    yield "a request with two keys", head(with_value(fields, KEY, fresh_key(rng), fresh_key(rng)))


def other_protocols(_: Random, __: Fields) -> Iterator[tuple[str, bytes]]:
    """What arrives at an open port sooner or later."""
    yield "the line `HELO auction`", b"HELO auction\r\n\r\n"
    yield "an HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield "an empty first line", b"\r\n\r\n"


REFUSALS = (
    Refusal("a POST", "A bidder sent the five fields with a POST.", "any_method", (405,), posts),
    Refusal(
        "HTTP/1.0",
        "A bidder sent the five fields in HTTP/1.0.",
        "any_http_version",
        (505,),
        old_http,
    ),
    Refusal(
        "no wish to upgrade",
        "Four requests arrived in which Upgrade, or Connection, or both did not ask for a "
        "WebSocket.",
        "no_wish_to_upgrade",
        (426,),
        proxied,
    ),
    Refusal(
        "other versions",
        "One bidder asked for version 8, another one for none.",
        "any_websocket_version",
        (426,),
        versions,
    ),
    Refusal(
        "keys of other lengths",
        "Bidders came with keys of 15, 18 and 0 bytes, and one without a key.",
        "key_length",
        (400,),
        lengths,
    ),
    Refusal(
        "keys that are not base64",
        "One bidder's key had a letter in it that base64 does not have, another's lacked an `=`.",
        "key_alphabet",
        (400,),
        letters,
    ),
    Refusal("two keys", "A bidder sent two different keys.", "key_twice", (400,), twice),
    Refusal(
        "other protocols",
        "A mail client, an HTTP/2 client and an empty line came to the door, each with a blank "
        "line behind it.",
        "other_exception",
        (400, 405, 426, 505),
        other_protocols,
    ),
)
