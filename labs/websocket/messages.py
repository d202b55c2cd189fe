"""Messages: what an application sends and receives, put together from frames.

Give `FrameReader` bytes as they come; ask it for messages until it returns None, which means
that more bytes are needed. It raises FrameError at the first byte that breaks the protocol;
after that the connection is over, and so is the reader.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TypeAlias

from labs.errors import FrameError
from labs.websocket import close
from labs.websocket.close import Close
from labs.websocket.deflate import Inflater
from labs.websocket.frames import MAX_SIZE, RSV1, Frame, Opcode, Role, parse


@dataclass(frozen=True, slots=True)
class Text:
    """A text message."""

    text: str


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary message."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Ping:
    """A question: are you there?"""

    payload: bytes

    def response(self) -> Frame:
        """The lawful answer: a pong with the very same payload (RFC 6455 5.5.3)."""
        return Frame(Opcode.PONG, self.payload)


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping, or a heartbeat that nobody asked for."""

    payload: bytes


Message: TypeAlias = Text | Binary | Ping | Pong | Close


class FrameReader:
    """The receiving half of a connection: bytes in, messages and control frames out."""

    def __init__(
        self, role: Role, max_size: int = MAX_SIZE, inflater: Inflater | None = None
    ) -> None:
        self.role, self.max_size, self.inflater = role, max_size, inflater
        self.closed = False
        self._buffer = bytearray()
        self._begin(None)

    def receive_data(self, received: bytes) -> None:
        """Take bytes from the wire; call `next_message` afterwards until it returns None."""
        # RFC 6455 1.4: after a close frame an endpoint discards what still comes
        if not self.closed:
            self._buffer += received

    def next_message(self) -> Message | None:
        """The next message or control frame; None when more bytes are needed."""
        while frame := self._next_frame():
            if frame.opcode >= Opcode.CLOSE:
                return self._control(frame)
            self._collect(frame)
            if frame.fin:
                return self._finish()
        return None

    def _next_frame(self) -> Frame | None:
        rsv = RSV1 if self.inflater else 0
        frame = parse(self._buffer, self.role, self.max_size, rsv)
        if frame:
            del self._buffer[: frame.size]
        return frame

    def _control(self, frame: Frame) -> Message:
        if frame.rsv:
            raise FrameError("a control frame is never compressed", "RFC 7692 6.1")
        if frame.opcode is Opcode.CLOSE:
            self.closed = True
            self._buffer.clear()
            return close.parse(frame.payload)
        return (Ping if frame.opcode is Opcode.PING else Pong)(frame.payload)

    def _collect(self, frame: Frame) -> None:
        starts = frame.opcode is not Opcode.CONTINUATION
        if starts and self._opcode:
            raise FrameError("a new message inside a fragmented one", "RFC 6455 5.4")
        if not starts and (not self._opcode or frame.rsv):
            raise FrameError("a continuation with nothing to continue", "RFC 6455 5.4")
        if starts:
            self._begin(frame)
        self._payload += frame.payload
        if len(self._payload) > self.max_size:
            raise FrameError(f"fragments of over {self.max_size} bytes", "RFC 6455 10.4", 1009)
        if self._opcode is Opcode.TEXT and not self._compressed:
            self._check_utf8(frame.payload, frame.fin)

    def _check_utf8(self, payload: bytes, final: bool) -> None:
        # RFC 6455 8.1 is about the whole message: a character may straddle two fragments
        try:
            self._utf8.decode(payload, final)
        except UnicodeDecodeError:
            raise FrameError("text that is not UTF-8", "RFC 6455 8.1", 1007) from None

    def _finish(self) -> Message:
        payload, opcode = bytes(self._payload), self._opcode
        if self._compressed and self.inflater:
            payload = self.inflater.inflate(payload, self.max_size)
            if opcode is Opcode.TEXT:
                self._check_utf8(payload, True)
        self._begin(None)
        return Text(payload.decode()) if opcode is Opcode.TEXT else Binary(payload)

    def _begin(self, frame: Frame | None) -> None:
        self._opcode = frame.opcode if frame else None
        self._compressed = bool(frame and frame.rsv)
        self._payload = bytearray()
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
