"""The anatomy of a frame: which bits are which field, and what their values mean.

For eyes, not for protocols: `anatomy` never refuses. Where bytes are missing or break a rule,
it lists what is there and says so in the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.errors import FrameError
from labs.websocket import close
from labs.websocket.frames import Opcode, apply_mask

PREVIEW = 32  # bytes of payload that are shown; the rest is counted

OPCODES = {
    Opcode.CONTINUATION: "continuation: more of the message before",
    Opcode.TEXT: "text, in UTF-8",
    Opcode.BINARY: "binary",
    Opcode.CLOSE: "close: I send nothing after this",
    Opcode.PING: "ping: are you there?",
    Opcode.PONG: "pong: I am here",
}


@dataclass(frozen=True, slots=True)
class Field:
    """Bits `first` to `last` of a frame, counted from its first bit, both included."""

    first: int
    last: int
    name: str
    value: str
    meaning: str

    def __str__(self) -> str:
        bits = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return f"{bits:>9}  {self.name:<14} {self.value:<12} {self.meaning}".rstrip()


def anatomy(frame: bytes) -> tuple[Field, ...]:
    """The fields of `frame` in wire order, as far as its bytes reach."""
    fields = _first_byte(frame[0]) if frame else []
    if len(frame) < 2:
        return (*fields, _missing(frame, 2))
    masked, short = frame[1] >> 7, frame[1] & 0x7F
    fields += _second_byte(masked, short)
    extended = {126: 2, 127: 8}.get(short, 0)
    key_at, payload_at = 2 + extended, 2 + extended + 4 * masked
    if len(frame) < payload_at:
        if frame[2:]:
            begun = "the length or the masking key, not complete"
            fields.append(_bytes(2, len(frame), "header", frame[2:].hex(" "), begun))
        return (*fields, _missing(frame, payload_at))
    length = int.from_bytes(frame[2:key_at], "big") if extended else short
    key = frame[key_at:payload_at]
    if extended:
        fields.append(_bytes(2, key_at, "payload length", str(length), "bytes, big-endian"))
    if masked:
        meaning = "every payload byte is XORed with one of these four"
        fields.append(_bytes(key_at, payload_at, "masking key", key.hex(" "), meaning))
    payload = frame[payload_at : payload_at + length]
    if payload:
        fields.append(_payload(payload_at, payload, key, frame[0]))
    if len(payload) < length:
        fields.append(_missing(frame, payload_at + length))
    return tuple(fields)


def _first_byte(byte: int) -> list[Field]:
    fin, opcode = byte >> 7, byte & 0x0F
    kind = OPCODES[Opcode(opcode)] if opcode in list(Opcode) else "reserved: not allowed"
    reserved = ("must be 0", "must be 0 unless an extension uses it")
    return [
        Field(0, 0, "FIN", str(fin), ("more fragments follow", "the message ends here")[fin]),
        *(
            Field(bit, bit, f"RSV{bit}", str(byte >> 7 - bit & 1), reserved[byte >> 7 - bit & 1])
            for bit in (1, 2, 3)
        ),
        Field(4, 7, "opcode", f"{opcode:#x}", kind),
    ]


def _second_byte(masked: int, short: int) -> list[Field]:
    origin = ("not masked: from the server", "masked: from the client")[masked]
    size = {126: "see the next 2 bytes", 127: "see the next 8 bytes"}.get(short, "bytes")
    return [Field(8, 8, "MASK", str(masked), origin), Field(9, 15, "length", str(short), size)]


def _payload(at: int, payload: bytes, key: bytes, first: int) -> Field:
    plain = apply_mask(payload[:125], key or None)  # as much as a control frame can hold
    more = " ..." if len(payload) > PREVIEW else ""
    value, meaning = payload[:PREVIEW].hex(" ") + more, _meaning(plain, first) + more
    return _bytes(at, at + len(payload), "payload", value, meaning)


def _meaning(plain: bytes, first: int) -> str:
    if first & 0x40:
        return "compressed"
    if first & 0x0F == Opcode.CLOSE:
        try:
            return str(close.parse(plain))
        except FrameError as error:
            return str(error)
    if first & 0x0F == Opcode.BINARY:
        return plain[:PREVIEW].hex(" ")
    return repr(plain[:PREVIEW].decode("utf-8", "backslashreplace"))


def _bytes(start: int, end: int, name: str, value: str, meaning: str) -> Field:
    return Field(8 * start, 8 * end - 1, name, value, meaning)


def _missing(frame: bytes, size: int) -> Field:
    more = size - len(frame)
    value = "1 byte" if more == 1 else f"{more} bytes"
    return _bytes(len(frame), size, "missing", value, "not here yet")
