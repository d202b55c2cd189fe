"""What a signature covers of one delivery: the request line by line, each byte signed or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from labs.webhook.providers import Signature
from labs.webhook.signed_text import NAME, NOTHING, Post


class Mark(Enum):
    """What a stretch of a request is to the signature; the letter stands in the text twin."""

    SIGNED = "="
    SUMMED = "%"  # a checksum of it is signed (rows of ~ would be a fence in Markdown)
    SIGNATURE = "^"
    UNSIGNED = "."


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line."""

    text: str
    mark: Mark


Line = tuple[Span, ...]


def lines(scheme: Signature, post: Post, ours: Mapping[str, str] = NOTHING) -> tuple[Line, ...]:
    """The request as it goes over the wire: request line, header lines, body."""
    signed = set(NAME.findall(scheme.signed))
    url = Mark.SIGNED if "url" in signed else Mark.UNSIGNED
    first = (Span("POST ", Mark.UNSIGNED), Span(ours.get("url", "/hook"), url))
    headers = (_header(scheme, signed, name, value) for name, value in post.headers)
    body = (Span(post.body.decode("utf-8", "replace"), _of_body(signed)),)
    known = [ours[name] for name in ("webhook_id",) if name in signed]
    unsent = (Span("(not sent, known to both: ", Mark.UNSIGNED), Span("".join(known), Mark.SIGNED))
    return (first, *headers, body, *([(*unsent, Span(")", Mark.UNSIGNED))] if known else []))


def _header(scheme: Signature, signed: set[str], name: str, value: str) -> Line:
    label = Span(f"{name}: ", Mark.UNSIGNED)
    if name == scheme.header:
        return (label, *_items(scheme, value))
    places = {"time": scheme.time, "id": scheme.id}
    here = {part for part, place in places.items() if place and place.header == name}
    return (label, Span(value, Mark.SIGNED if here & signed else Mark.UNSIGNED))


def _items(scheme: Signature, value: str) -> Iterator[Span]:
    """The signature's own header: a signature, and perhaps a time that is under it."""
    for number, item in enumerate(value.split(scheme.separator) if scheme.separator else [value]):
        if number:
            yield Span(scheme.separator, Mark.UNSIGNED)
        timed = scheme.time and scheme.time.item and item.startswith(f"{scheme.time.item}=")
        yield Span(item, Mark.SIGNED if timed else Mark.SIGNATURE)


def _of_body(signed: set[str]) -> Mark:
    if signed & {"body", "form"}:
        return Mark.SIGNED
    return Mark.SUMMED if "crc32" in signed else Mark.UNSIGNED
