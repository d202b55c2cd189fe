"""Why a checksum is no signature: a body of one's choice with a CRC32 of one's choice.

CRC32 is linear: whether a bit of the body is flipped decides which 32 bits of the sum are. So
forty digits that may each be 0 or 1 leave room for any sum that is wanted.
"""

from __future__ import annotations

from zlib import crc32

DIGITS = 40


def with_crc32(start: bytes, end: bytes, wanted: int) -> bytes:
    """`start`, forty digits 0 or 1, and `end`: together they have the CRC32 `wanted`."""
    plain = start + b"0" * DIGITS + end
    found: dict[int, tuple[int, int]] = {}  # highest bit -> (what changes in the sum, by which)
    for bit in range(DIGITS):
        flips = 1 << bit
        changes = crc32(start + _digits(flips) + end) ^ crc32(plain)
        while changes and (highest := changes.bit_length()) in found:
            changes, flips = changes ^ found[highest][0], flips ^ found[highest][1]
        if changes:
            found[highest] = changes, flips
    missing, chosen = crc32(plain) ^ wanted, 0
    while missing:
        changes, flips = found[missing.bit_length()]
        missing, chosen = missing ^ changes, chosen ^ flips
    return start + _digits(chosen) + end


def _digits(flips: int) -> bytes:
    return f"{flips:0{DIGITS}b}".encode()
