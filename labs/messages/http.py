"""HTTP/1.1 out of one direction's bytes, told by h11, cut into pieces where time cuts them.

A reader takes bytes as they were sent and gives back pieces of the stream; what is not HTTP
becomes pieces of kind "bytes" with the reason, and is never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus

import h11

from labs.messages.message import elide, preview

# A head names what it is about: the first of these that it carries, in this order.
TELLING = (
    b"upgrade", b"last-event-id", b"if-none-match", b"webhook-id", b"idempotency-key",
    b"retry-after", b"location", b"etag", b"content-type",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `end` of one direction's stream, and what they are."""

    start: int
    end: int
    kind: str
    name: str
    detail: str = ""
    payload: bytes = b""


class Reader:
    """One direction of a connection, either the requests or the responses."""

    def __init__(self, from_client: bool) -> None:
        self.from_client = from_client
        self.methods: list[str] = []  # of the requests read, for the reader of the responses
        self.upgrades = False  # a request that asked to switch protocols waits for its answer
        self.switched = b""  # the Upgrade header of a 101, once it was read
        self.head: h11.Request | h11.Response | h11.InformationalResponse | None = None
        self.end = 0  # of the stream, as far as it was fed
        self._wire: h11.Connection | None = None
        self._junk = ""

    def feed(self, sent: bytes, methods: list[str]) -> list[Piece]:
        """The pieces that `sent` completes; `methods` are the requests yet to be answered."""
        start = self._at()
        self.end += len(sent)
        if self._junk:
            return [Piece(start, self.end, "bytes", "bytes", self._junk)]
        if self._wire is None:
            self._wire = self._fresh(methods)
        self._wire.receive_data(sent)
        pieces: list[Piece] = []
        try:
            while (event := self._wire.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                self._take(event, start, pieces, methods)
                start = self._at()
                if self.switched or self.upgrades:
                    break
        except h11.RemoteProtocolError as error:
            self._junk = f"not HTTP: {str(error).partition(':')[0]}"
            at = max(start, pieces[-1].end) if pieces else start
            pieces.append(Piece(at, self.end, "bytes", "bytes", self._junk))
        return pieces

    def trailing(self) -> bytes:
        """What was fed and not yet taken."""
        return self._wire.trailing_data[0] if self._wire else b""

    def go_on(self, methods: list[str]) -> list[Piece]:
        """The upgrade was declined: what follows is HTTP again."""
        self.upgrades, rest = False, self.trailing()
        self.end -= len(rest)
        self._wire = None
        return self.feed(rest, methods) if rest else []

    def _at(self) -> int:
        return self.end - len(self.trailing())

    def _fresh(self, methods: list[str]) -> h11.Connection:
        wire = h11.Connection(h11.SERVER if self.from_client else h11.CLIENT)
        if not self.from_client:
            wire.send(_question(methods[0] if methods else "GET"))
            wire.send(h11.EndOfMessage())
        return wire

    def _take(self, event: object, start: int, pieces: list[Piece], methods: list[str]) -> None:
        end = self._at()
        if isinstance(event, h11.Request | h11.Response | h11.InformationalResponse):
            self.head = event
            pieces.append(_head(event, start, end))
            self._note_head(event)
        elif isinstance(event, h11.Data):
            # RFC 9112 7.1: chunk-data is followed by a CRLF; it belongs to its chunk
            end += 2 if event.chunk_end and self.trailing()[:2] == b"\r\n" else 0
            self._add_body(start, end, bytes(event.data), pieces)
        elif isinstance(event, h11.EndOfMessage):
            self._finish(start, end, pieces, methods)
        elif isinstance(event, h11.ConnectionClosed):
            self._junk = "after the last message of this connection"

    def _note_head(self, head: h11.Request | h11.Response | h11.InformationalResponse) -> None:
        if isinstance(head, h11.Request):
            self.methods.append(head.method.decode("latin-1"))
        elif head.status_code == 101:
            self.switched = _header(head, b"upgrade") or b"?"

    def _add_body(self, start: int, end: int, body: bytes, pieces: list[Piece]) -> None:
        start = max(start, pieces[-1].end) if pieces else start
        streams = self.head is not None and b"event-stream" in _header(self.head, b"content-type")
        if pieces and not streams and pieces[-1].kind != "bytes":
            whole = pieces[-1].payload + body
            detail = " · ".join(filter(None, [_about(self.head), preview(whole)]))
            pieces[-1] = replace(pieces[-1], end=end, detail=detail, payload=whole)
        else:
            pieces.append(_body(start, end, body, streams))

    def _finish(self, start: int, end: int, pieces: list[Piece], methods: list[str]) -> None:
        if pieces and end > pieces[-1].end:
            pieces[-1] = replace(pieces[-1], end=end)
        elif not pieces and end > start:
            pieces.append(Piece(start, end, "body", "end of the body"))
        self.upgrades = isinstance(self.head, h11.Request) and bool(_header(self.head, b"upgrade"))
        if not self.upgrades:
            self._next_message(methods)

    def _next_message(self, methods: list[str]) -> None:
        rest = self.trailing()
        if not self.from_client and methods:
            methods.pop(0)
        self._wire = self._fresh(methods)
        if rest:
            self._wire.receive_data(rest)


@cache
def _question(method: str) -> h11.Request:
    """A request that any answer may follow: h11 wants to know what it was that was asked."""
    headers = [("Host", "x"), ("Upgrade", "x"), ("Connection", "Upgrade")]
    return h11.Request(method=method, target="/", headers=headers)


def _header(head: h11.Request | h11.Response | h11.InformationalResponse, name: bytes) -> bytes:
    return next((value for key, value in head.headers if key == name), b"")


def _head(
    head: h11.Request | h11.Response | h11.InformationalResponse, start: int, end: int
) -> Piece:
    if isinstance(head, h11.Request):
        words = (head.method, head.target, b"HTTP/" + head.http_version)
        name = " ".join(word.decode("latin-1") for word in words)
        return Piece(start, end, "request", name, _about(head))
    reason = head.reason.decode("latin-1") or _phrase(head.status_code)
    return Piece(start, end, "response", f"{head.status_code} {reason}".rstrip(), _about(head))


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _about(head: h11.Request | h11.Response | h11.InformationalResponse | None) -> str:
    fields = {raw.lower(): (raw, value) for raw, value in head.headers.raw_items()} if head else {}
    for name in TELLING if isinstance(head, h11.Request) else TELLING[1:]:
        raw, value = (part.decode("latin-1") for part in fields.get(name, (b"", b"")))
        if value and (name != b"content-type" or "event-stream" in value):
            return f"{raw}: {elide(value, 40)}"
    return ""


def _body(start: int, end: int, body: bytes, streams: bool) -> Piece:
    if not streams:
        return Piece(start, end, "body", "more of the body", preview(body), body)
    fields = [line.partition(":") for line in body.decode("utf-8", "replace").splitlines()]
    kinds = [value.strip() for name, _, value in fields if name == "event"]
    lines = [value.strip() for name, _, value in fields if name in ("data", "id", "retry")]
    if not kinds and not lines:
        return Piece(start, end, "body", "comment", preview(body), body)
    more = body.replace(b"\r\n", b"\n").strip().count(b"\n\n")
    name = f"event {kinds[0] if kinds else 'message'}" + (f" and {more} more" if more else "")
    data = next((v.strip() for n, _, v in fields if n == "data"), lines[0] if lines else "")
    return Piece(start, end, "body", name, preview(data.encode()), body)
