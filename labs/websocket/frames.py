"""Frames: the bytes that a WebSocket connection consists of once it is open (RFC 6455 5.2).

`parse` looks at a buffer and returns its first frame, or None when more bytes are needed, or
raises FrameError as soon as the bytes that are there can no longer become a frame.
Messages and closing are not known here: see `messages` and `close`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import cycle
from typing import TypeAlias

from labs.errors import FrameError

MAX_SIZE = 2**20  # bytes of payload; a limit is policy, this one is the websockets library's
RSV1, RSV2, RSV3 = 0b100, 0b010, 0b001

Buffer: TypeAlias = bytes | bytearray


class Opcode(IntEnum):
    """What a frame is (RFC 6455 11.8); 8 and above are control frames."""

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class Role(Enum):
    """Which end of the connection somebody is; it decides who masks."""

    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `payload` is unmasked, `mask` is the key it travelled under."""

    opcode: Opcode
    payload: bytes = b""
    fin: bool = True
    rsv: int = 0
    mask: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes the frame takes on the wire."""
        length = len(self.payload)
        extended = 0 if length < 126 else 2 if length < 2**16 else 8
        return 2 + extended + (4 if self.mask else 0) + length

    def __str__(self) -> str:
        more = "" if self.fin else ", more to come"
        return f"{self.opcode.name} {len(self.payload)} bytes{more}"


def parse(buffer: Buffer, role: Role, max_size: int = MAX_SIZE, rsv: int = 0) -> Frame | None:
    """The first frame of `buffer` as `role` receives it; None when more bytes are needed.

    `rsv` holds the reserved bits that a negotiated extension has claimed. Raises FrameError.
    """
    if len(buffer) < 2:
        return None
    _check_bits(buffer[0], buffer[1], role, rsv)
    key_at = 2 + {126: 2, 127: 8}.get(buffer[1] & 0x7F, 0)
    if len(buffer) < key_at:
        return None
    length = _payload_length(buffer[1] & 0x7F, bytes(buffer[2:key_at]), max_size)
    payload_at = key_at + (4 if buffer[1] & 0x80 else 0)
    if len(buffer) < payload_at + length:
        return None
    mask = bytes(buffer[key_at:payload_at]) or None
    payload = bytes(buffer[payload_at : payload_at + length])
    fin, bits = bool(buffer[0] & 0x80), buffer[0] >> 4 & 0b111
    return Frame(Opcode(buffer[0] & 0x0F), apply_mask(payload, mask), fin, bits, mask)


def serialize(frame: Frame) -> bytes:
    """The bytes of `frame`; a client sets `frame.mask` to four fresh random bytes."""
    length, masked = len(frame.payload), 0x80 if frame.mask else 0
    first = bytes([frame.fin << 7 | frame.rsv << 4 | frame.opcode])
    if length < 126:
        header = first + bytes([masked | length])
    elif length < 2**16:
        header = first + bytes([masked | 126]) + length.to_bytes(2, "big")
    else:
        header = first + bytes([masked | 127]) + length.to_bytes(8, "big")
    return header + (frame.mask or b"") + apply_mask(frame.payload, frame.mask)


def apply_mask(payload: bytes, mask: bytes | None) -> bytes:
    """`payload` with every byte XORed with the key's bytes in turn; twice is none at all."""
    # RFC 6455 5.3: transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)
    return bytes(a ^ b for a, b in zip(payload, cycle(mask))) if mask else payload


def _check_bits(first: int, second: int, role: Role, claimed: int) -> None:
    opcode, length = first & 0x0F, second & 0x7F
    if first >> 4 & 0b111 & ~claimed:
        raise FrameError("a reserved bit is set that no extension has claimed", "RFC 6455 5.2")
    if opcode not in Opcode.__members__.values():
        raise FrameError(f"opcode {opcode:#x} is reserved", "RFC 6455 5.2")
    if opcode >= Opcode.CLOSE and not first & 0x80:
        raise FrameError("a control frame is never fragmented", "RFC 6455 5.5")
    if opcode >= Opcode.CLOSE and length > 125:
        raise FrameError("a control frame carries 125 bytes at most", "RFC 6455 5.5")
    if role is Role.SERVER and not second & 0x80:
        raise FrameError("a client masks every frame, this one is not masked", "RFC 6455 5.1")
    if role is Role.CLIENT and second & 0x80:
        raise FrameError("a server masks no frame, this one is masked", "RFC 6455 5.1")


def _payload_length(short: int, extended: bytes, max_size: int) -> int:
    length = int.from_bytes(extended, "big") if extended else short
    if length >= 2**63:
        raise FrameError("the highest bit of a 64-bit length must be 0", "RFC 6455 5.2")
    # RFC 6455 5.2: the minimal number of bytes MUST be used to encode the length
    if extended and length < {2: 126, 8: 2**16}[len(extended)]:
        raise FrameError(f"length {length} is written in {len(extended)} bytes", "RFC 6455 5.2")
    if length > max_size:
        raise FrameError(f"{length} bytes announced, {max_size} allowed", "RFC 6455 10.4", 1009)
    return length
