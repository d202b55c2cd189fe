"""WebSocket frames out of one direction's bytes, after the protocol switch.

The frames are told by `labs.websocket.frames`; from the first byte that cannot be a frame, the
rest of the direction is pieces of kind "bytes" with the reason.
"""

from __future__ import annotations

from labs.errors import FrameError
from labs.messages.http import Piece
from labs.messages.message import hexadecimal, preview
from labs.websocket import close
from labs.websocket.deflate import Inflater
from labs.websocket.frames import RSV1, Frame, Opcode, Role, parse

ANY_SIZE = 2**62  # bytes: a capture shows what was sent, allowed or not
INFLATED = 2**16  # bytes that a preview inflates at most


class FrameReader:
    """One direction of an open WebSocket connection."""

    def __init__(self, from_client: bool, start: int, extensions: bytes) -> None:
        self.role = Role.SERVER if from_client else Role.CLIENT  # of whoever receives
        self.start = start  # of the bytes that are not yet a frame
        self.junk = ""
        self._buffer = bytearray()
        self._deflate = b"permessage-deflate" in extensions
        side = b"client" if from_client else b"server"
        takeover = side + b"_no_context_takeover" not in extensions
        self._inflater = Inflater(takeover) if self._deflate else None
        self._compressed = bytearray()
        self._fragments = 0  # of a message under way; 0: none is

    def feed(self, sent: bytes) -> list[Piece]:
        """The pieces that `sent` completes."""
        self._buffer += sent
        pieces: list[Piece] = []
        at = 0
        try:
            while not self.junk and (frame := self._next(at)):
                size = _size(self._buffer, at)
                pieces.append(self._piece(frame, size))
                at += size
        except FrameError as error:
            self.junk = f"not a frame: {error}"
        del self._buffer[:at]
        if self.junk and self._buffer:
            pieces.append(self._rest(self.junk))
        return pieces

    def finish(self) -> list[Piece]:
        """What is left when nothing more comes: the beginning of a frame."""
        return [self._rest("the beginning of a frame; the rest was never sent")]

    def _next(self, at: int) -> Frame | None:
        if len(self._buffer) - at < 2:
            return None
        end = at + max(_size(self._buffer, at), 14)
        rsv = RSV1 if self._deflate else 0
        return parse(self._buffer[at:end], self.role, ANY_SIZE, rsv)

    def _rest(self, why: str) -> Piece:
        rest = bytes(self._buffer)
        self._buffer.clear()
        piece = Piece(self.start, self.start + len(rest), "bytes", "bytes", why, rest)
        self.start = piece.end
        return piece

    def _piece(self, frame: Frame, size: int) -> Piece:
        start, self.start = self.start, self.start + size
        payload = self._inflated(frame)
        name, detail = _name(frame, payload)
        if frame.opcode < Opcode.CLOSE:
            self._fragments = 0 if frame.fin else self._fragments + 1
            detail += "" if frame.fin else ", more fragments follow"
        return Piece(start, self.start, "frame", name, detail, payload)

    def _inflated(self, frame: Frame) -> bytes:
        """RFC 7692 6.2: RSV1 stands on a message's first frame and holds for all of it."""
        packed = frame.rsv & RSV1 or self._compressed
        if self._inflater is None or frame.opcode >= Opcode.CLOSE or not packed:
            return frame.payload
        self._compressed += frame.payload
        if not frame.fin:
            return frame.payload
        whole = bytes(self._compressed)
        self._compressed.clear()
        try:
            return self._inflater.inflate(whole, INFLATED)
        except FrameError:
            return frame.payload


def _size(buffer: bytearray, at: int) -> int:
    """How many bytes the frame that begins at `at` will take, by what its first bytes say."""
    short = buffer[at + 1] & 0x7F
    extended = {126: 2, 127: 8}.get(short, 0)
    length = int.from_bytes(buffer[at + 2 : at + 2 + extended], "big") if extended else short
    return 2 + extended + (4 if buffer[at + 1] & 0x80 else 0) + length


def _name(frame: Frame, payload: bytes) -> tuple[str, str]:
    name = frame.opcode.name.lower()
    if frame.opcode is Opcode.CLOSE:
        code = int.from_bytes(payload[:2], "big") if len(payload) > 1 else 0
        known = close.CLOSE_CODES.get(code)
        reason = payload[2:].decode("utf-8", "replace") or (known.name if known else "")
        return (f"close {code}", reason) if code else ("close", "no code")
    if frame.opcode in (Opcode.PING, Opcode.PONG, Opcode.BINARY):
        return name, hexadecimal(payload)
    return name, preview(payload)
