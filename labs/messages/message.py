"""What a decoded journal consists of: messages, beliefs, and the rows that number them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from labs.journal import Ended, Fault, Note, Opened, Refused

PREVIEW = 60  # characters of a payload that stand in `detail`


@dataclass(frozen=True, slots=True)
class Message:
    """One HTTP message or WebSocket frame; seconds since the run began, sizes in bytes."""

    number: int
    connection: int
    sender: str
    receiver: str
    time: float  # its first byte was sent
    arrived: float | None  # its last byte arrived; None: it never did
    kind: str  # "request" | "response" | "body" | "frame" | "bytes"
    name: str  # "GET /price HTTP/1.1", "101 Switching Protocols", "ping", "close 1011"
    detail: str  # one line: what is in it
    size: int  # on the wire
    data: bytes  # as they crossed the wire
    lost: str = ""  # why it never arrived
    held: bool = False  # it waited for a cut to heal
    payload: bytes = b""  # unmasked, unchunked, inflated: what the application sees


@dataclass(frozen=True, slots=True)
class Belief:
    """What one side of a connection knows from now on, by nothing but what it saw itself."""

    number: int
    time: float
    host: str
    peer: str
    connection: int
    state: str  # one of STATES
    says: str


STATES = ("connecting", "open", "waiting", "closing", "closed", "answered")

What: TypeAlias = Message | Belief | Opened | Ended | Refused | Fault | Note


@dataclass(frozen=True, slots=True)
class Row:
    """An event in its place; number 0 marks TCP's housekeeping, which is shown on request."""

    number: int
    time: float
    what: What


def preview(payload: bytes, limit: int = PREVIEW) -> str:
    """The payload on one line in quotation marks, or in hexadecimal when it is no text."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return hexadecimal(payload)
    if not text.isprintable() and not text.replace("\n", "").replace("\t", "").isprintable():
        return hexadecimal(payload)
    line = elide(" ".join(text.split()), limit)
    return f'"{line}"' if line and line[0] not in "{[" else line


def hexadecimal(payload: bytes, limit: int = 8) -> str:
    """The first bytes, two digits each."""
    return payload[:limit].hex(" ") + (" ..." if len(payload) > limit else "")


def elide(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; what is missing ends in an ellipsis."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"
