"""An HTTP/1.1 head: a request or a response as far as its blank line (RFC 9112).

An opening handshake needs no more of HTTP. `parse_*` return None when more bytes are needed;
what follows the blank line is not touched: `size` says where it begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from labs.errors import HandshakeError

MAX_HEAD = 64 * 1024  # bytes; whoever sends more without a blank line will never end

Headers: TypeAlias = tuple[tuple[str, str], ...]
Buffer: TypeAlias = bytes | bytearray

# RFC 9110 5.6.2: token = 1*tchar; RFC 9110 5.5: a value holds no CR, LF or NUL
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00-\x08\x0a-\x1f\x7f]*)")
REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/(\d\.\d)")
STATUS_LINE = re.compile(rb"HTTP/(\d\.\d) (\d{3})(?: ([^\x00-\x08\x0a-\x1f\x7f]*))?")


@dataclass(frozen=True, slots=True)
class Request:
    """A request's head; `size` is how many bytes of the buffer it took."""

    target: str
    headers: Headers
    method: str = "GET"
    version: str = "1.1"
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A response's head; `size` is how many bytes of the buffer it took."""

    status: int
    reason: str
    headers: Headers
    version: str = "1.1"
    size: int = field(default=0, compare=False)


def parse_request(buffer: Buffer) -> Request | None:
    """The request at the start of `buffer`; None when more bytes are needed."""
    head = _head(buffer)
    if head is None:
        return None
    line, headers, size = head
    match = REQUEST_LINE.fullmatch(line)
    if not match:
        raise HandshakeError("the first line is not 'METHOD target HTTP/x.y'", "RFC 9112 3")
    method, target, version = (part.decode("ascii") for part in match.groups())
    return Request(target, headers, method, version, size)


def parse_response(buffer: Buffer) -> Response | None:
    """The response at the start of `buffer`; None when more bytes are needed."""
    head = _head(buffer)
    if head is None:
        return None
    line, headers, size = head
    match = STATUS_LINE.fullmatch(line)
    if not match:
        raise HandshakeError("the first line is not 'HTTP/x.y status reason'", "RFC 9112 4")
    version, status, reason = (part.decode("latin-1") for part in match.groups(b""))
    return Response(int(status), reason, headers, version, size)


def serialize(head: Request | Response) -> bytes:
    """The bytes of `head`, blank line included."""
    if isinstance(head, Request):
        line = f"{head.method} {head.target} HTTP/{head.version}"
    else:
        line = f"HTTP/{head.version} {head.status} {head.reason}"
    lines = [line, *(f"{name}: {value}" for name, value in head.headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def values(headers: Headers, name: str) -> list[str]:
    """Every value that stands under `name`; names are compared without regard to case."""
    return [value for key, value in headers if key.lower() == name.lower()]


def tokens(headers: Headers, name: str) -> list[str]:
    """The items of a comma-separated list, over as many header lines as it fills."""
    items = (item.strip() for value in values(headers, name) for item in value.split(","))
    return [item for item in items if item]


def _head(buffer: Buffer) -> tuple[bytes, Headers, int] | None:
    end = buffer.find(b"\r\n\r\n", 0, MAX_HEAD)
    if end < 0 and b"\n\n" in buffer:
        raise HandshakeError("lines end with CR LF, not with LF alone", "RFC 9112 2.2")
    if end < 0 and len(buffer) >= MAX_HEAD:
        raise HandshakeError(f"no blank line within {MAX_HEAD} bytes", "RFC 9110 5.4", 431)
    if end < 0:
        return None
    line, *lines = bytes(buffer[:end]).split(b"\r\n")
    return line, tuple(_field(each) for each in lines), end + 4


def _field(line: bytes) -> tuple[str, str]:
    match = FIELD.fullmatch(line)
    if not match:
        raise HandshakeError("a header line is not 'name: value'", "RFC 9112 5")
    name, value = match.groups()
    return name.decode("ascii"), value.strip(b" \t").decode("latin-1")
