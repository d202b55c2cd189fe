"""Closing: what a close frame carries, and what each close code asks of the other side.

The codes are data (RFC 6455 7.4.1; 1012 to 1014 from the IANA registry). Three of them never
travel: they are what an endpoint reports about a connection that ended without saying why.
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.errors import FrameError


@dataclass(frozen=True, slots=True)
class CloseCode:
    """A registered code; `retry` is this course's advice to a client that receives it."""

    code: int
    name: str
    means: str
    travels: bool
    retry: str  # "no" | "yes" | "it depends"


@dataclass(frozen=True, slots=True)
class Close:
    """A close frame's content; code None stands for a close frame with no code at all."""

    code: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        return f"{describe(self.code or 1005)}{f': {self.reason}' if self.reason else ''}"


CLOSE_CODES = {
    entry.code: entry
    for entry in (
        CloseCode(1000, "normal closure", "the purpose is fulfilled", True, "no"),
        CloseCode(1001, "going away", "the server shuts down, or the page is left", True, "yes"),
        CloseCode(1002, "protocol error", "the peer broke the protocol", True, "no"),
        CloseCode(1003, "unsupported data", "a kind of message not taken here", True, "no"),
        CloseCode(1004, "reserved", "has no meaning yet", False, "no"),
        CloseCode(1005, "no status received", "the close frame had no code", False, "it depends"),
        CloseCode(1006, "abnormal closure", "the end came without a close frame", False, "yes"),
        CloseCode(1007, "invalid payload", "text that is not UTF-8, for one", True, "no"),
        CloseCode(1008, "policy violation", "not allowed, and perhaps not said why", True, "no"),
        CloseCode(1009, "message too big", "more than the receiver takes", True, "no"),
        CloseCode(1010, "mandatory extension", "the client misses an extension", True, "no"),
        CloseCode(1011, "internal error", "the endpoint met something unexpected", True, "yes"),
        CloseCode(1012, "service restart", "come back, after a random delay", True, "yes"),
        CloseCode(1013, "try again later", "overloaded: come back much later", True, "yes"),
        CloseCode(1014, "bad gateway", "a gateway got a bad answer", True, "yes"),
        CloseCode(1015, "TLS handshake", "TLS could not be set up", False, "no"),
    )
}
MAX_REASON = 123  # bytes: 125 in a control frame, less two for the code (RFC 6455 5.5)


def parse(payload: bytes) -> Close:
    """The code and reason in the payload of a close frame. Raises FrameError."""
    if not payload:
        return Close()
    if len(payload) == 1:
        raise FrameError("a close code takes two bytes, here is one", "RFC 6455 5.5.1")
    code = int.from_bytes(payload[:2], "big")
    if not may_travel(code):
        raise FrameError(f"close code {code} must not be sent", "RFC 6455 7.4")
    try:
        return Close(code, payload[2:].decode())
    except UnicodeDecodeError:
        raise FrameError("the close reason is not UTF-8", "RFC 6455 5.5.1", 1007) from None


def serialize(close: Close) -> bytes:
    """The payload of a close frame that says `close`. Raises FrameError if none may say it."""
    if close.code is None:
        return b""
    if not may_travel(close.code):
        raise FrameError(f"close code {close.code} must not be sent", "RFC 6455 7.4")
    reason = close.reason.encode()
    if len(reason) > MAX_REASON:
        raise FrameError(f"a reason of {len(reason)} bytes, 123 fit", "RFC 6455 5.5")
    return close.code.to_bytes(2, "big") + reason


def may_travel(code: int) -> bool:
    """Whether a close frame may carry `code`."""
    # RFC 6455 7.4.2: 3000-3999 are registered by libraries, 4000-4999 are for private use
    return 3000 <= code <= 4999 or (code in CLOSE_CODES and CLOSE_CODES[code].travels)


def describe(code: int) -> str:
    """The code with its registered name, or with whose range it lies in."""
    if code in CLOSE_CODES:
        return f"{code} ({CLOSE_CODES[code].name})"
    ranges = {3: "registered", 4: "private use"}
    return f"{code} ({ranges.get(code // 1000, 'unknown')})"
