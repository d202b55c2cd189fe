"""The signed text: which bytes of a request stand under its signature, and which do not.

Each sender joins its own parts: a time and the body, the URL and the body, the body alone.
`pieces` takes a request apart in the way that a scheme of `providers.toml` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import nan
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from labs.errors import EnvelopeError, LabError
from labs.webhook.envelope import ID, TIMESTAMP, single
from labs.webhook.providers import Place, Signature

NAME = re.compile(r"\{(\w+)\}")
FIELDS = 1_000  # of a form; a request with more is nobody's we know
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Post:
    """A POST as it came: header fields in their order, and the raw bytes of the body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_header(self, name: str, value: str | None) -> Post:
        """The same with another value in one header, or without that header for None."""
        new = [] if value is None else [(name, value)]
        found = [at for at, (known, _) in enumerate(self.headers) if known.lower() == name.lower()]
        at = found[0] if found else len(self.headers)
        kept = [pair for number, pair in enumerate(self.headers) if number not in found]
        return Post((*kept[:at], *new, *kept[at:]), self.body)


Pieces = list[tuple[str, bytes]]


def pieces(scheme: Signature, post: Post, ours: Mapping[str, str] = NOTHING) -> Pieces:
    """The signed text in order: (a part's name, its bytes), and ("", text) for what is between.

    `ours` is what both sides know: the `url`, or PayPal's `webhook_id`. Raises EnvelopeError.
    """
    texts = NAME.split(scheme.signed)  # between, name, between, name ... between
    found: Pieces = [("", texts[0].encode())]
    for name, between in zip(texts[1::2], texts[2::2], strict=True):
        found += [(name, _part(scheme, name, post, ours)), ("", between.encode())]
    return [(name, piece) for name, piece in found if name or piece]


def join(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """The signed text itself."""
    return b"".join(piece for _, piece in parts)


def trouble(signed: Mapping[str, str], now: float, allowed: float) -> str:
    """What is wrong with the id or the time that are signed; "" when nothing is."""
    if not ID.fullmatch(signed.get("id", "none")):
        return "its id could end elsewhere: the signed text would have two readings"
    age = now - _seconds(signed["time"]) if "time" in signed else 0
    # Not `age > allowed`: an age that is no number must fail too
    return "" if abs(age) <= allowed else f"sent {age:.0f} s ago by our clock"


def _seconds(time: str) -> float:
    """A count of seconds, or PayPal's date with its zone; anything else is no number."""
    with suppress(ValueError, OverflowError):
        if TIMESTAMP.fullmatch(time):
            return int(time)
        if (date := datetime.fromisoformat(time)).tzinfo:
            return date.timestamp()
    return nan


def octets(text: str) -> bytes:
    """A header's text as bytes, whatever a stranger has put into it."""
    return text.encode("utf-8", "surrogatepass")


def _part(scheme: Signature, name: str, post: Post, ours: Mapping[str, str]) -> bytes:
    match name:
        case "body":
            return post.body
        case "crc32":  # PayPal: a checksum, in decimal, stands for the body
            return str(crc32(post.body)).encode()
        case "form":
            return _form(post.body, _ours("url", ours))
        case "time" if scheme.time:
            return _placed(scheme, scheme.time, post)
        case "id" if scheme.id:
            return _placed(scheme, scheme.id, post)
    return octets(_ours(name, ours))


def _placed(scheme: Signature, place: Place, post: Post) -> bytes:
    """What stands in a header of its own, or as an item of the signature's header."""
    if not place.item:
        return octets(single(post.headers, place.header.lower()))
    header = single(post.headers, scheme.header.lower())
    items = (item.partition("=") for item in header.split(scheme.separator))
    return octets(single([(name, value) for name, _, value in items], place.item))


def _ours(name: str, ours: Mapping[str, str]) -> str:
    if name not in ours:
        raise LabError(f"this scheme signs the {name}: say what it is, ours={{'{name}': ...}}")
    return ours[name]


def _form(body: bytes, url: str) -> bytes:
    """Twilio's part: the fields of a form in the order of their names; for JSON nothing.

    JSON is under the signature by its hash, which stands in the URL.
    """
    if digests := parse_qs(urlsplit(url).query).get("bodySHA256"):
        if digests != [sha256(body).hexdigest()]:
            raise EnvelopeError("the body is not the one whose hash stands in the URL")
        return b""
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        raise EnvelopeError("the body is not a form") from None
    pairs = (name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    return octets("".join(pairs))
