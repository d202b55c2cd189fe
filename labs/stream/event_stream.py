"""An event stream: events in one endless HTTP response (WHATWG HTML, 9.2.6).

Give `EventStreamReader` bytes as they come; ask for events until it returns None. The format
has no wrong bytes: what is not understood is ignored. Only a size can be wrong.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from dataclasses import dataclass

from labs.errors import EventStreamError

MAX_SIZE = 2**20  # characters in a line, or in one event's data
LINE_END = re.compile("\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `last_event_id` is what a client sends back as Last-Event-ID."""

    data: str
    type: str = "message"
    last_event_id: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that says nothing to the application: it keeps proxies from closing the stream."""

    text: str


class EventStreamReader:
    """A client's reading half: bytes in, events and comments out."""

    def __init__(self, max_size: int = MAX_SIZE) -> None:
        self.max_size = max_size
        self.last_event_id = ""
        self.reconnection_time: int | None = None  # milliseconds
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._first, self._after_cr = True, False
        self._lines: deque[str] = deque()
        self._rest = ""
        self._id = ""
        self._forget()

    def receive_data(self, received: bytes) -> None:
        """Take bytes from the wire; call `next_event` afterwards until it returns None."""
        text = self._decoder.decode(received)
        if not text:
            return
        if self._first:
            self._first, text = False, text.removeprefix("\ufeff")
        if self._after_cr:  # CR LF is one line end, even in two pieces
            text = text.removeprefix("\n")
        self._after_cr = text.endswith("\r")
        *lines, self._rest = LINE_END.split(self._rest + text)
        self._lines += lines

    def next_event(self) -> Event | Comment | None:
        """The next event or comment; None when more bytes are needed. Raises EventStreamError."""
        while self._lines:
            line = self._lines.popleft()
            self._check_size(line)
            if line.startswith(":"):
                return Comment(line[1:])
            if line:
                self._field(line)
            elif event := self._dispatch():
                return event
        self._check_size(self._rest)
        return None

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")  # one space, no more
        if name == "data":
            self._data += value + "\n"
        elif name == "event":
            self._type = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.reconnection_time = int(value[:12])
        self._check_size(self._data)

    def _dispatch(self) -> Event | None:
        # The id counts from here on even when there is no data and so no event
        self.last_event_id = self._id
        data, type_ = self._data, self._type or "message"
        self._forget()
        return Event(data.removesuffix("\n"), type_, self.last_event_id) if data else None

    def _forget(self) -> None:
        self._data, self._type = "", ""

    def _check_size(self, text: str) -> None:
        if len(text) > self.max_size:
            raise EventStreamError(f"a line or an event of over {self.max_size} characters")


def serialize(event: Event | Comment, retry: int | None = None) -> bytes:
    """The lines that make a reader see `event`; `retry` is its reconnection time in ms.

    Raises EventStreamError for a type or id that cannot stand on one line.
    """
    if isinstance(event, Comment):
        return "".join(f":{line}\n" for line in _lines(event.text)).encode() + b"\n"
    lines = [f"data: {line}" for line in _lines(event.data)]
    if event.type != "message":
        lines.insert(0, f"event: {_one_line(event.type)}")
    if event.last_event_id:
        lines.insert(0, f"id: {_one_line(event.last_event_id)}")
    if retry is not None:
        lines.insert(0, f"retry: {retry:d}")
    return "\n".join([*lines, "", ""]).encode()


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _one_line(value: str) -> str:
    if any(character in value for character in "\r\n\0"):
        raise EventStreamError("a type or an id holds no line end and no NUL", "WHATWG HTML 9.2.6")
    return value
