"""permessage-deflate, the reading half (RFC 7692): the payload of a compressed message, inflated.

Real libraries agree on it unless told otherwise, so captures are full of it. The limit counts
what comes out: a megabyte of zeros travels in about a thousand bytes.
"""

from __future__ import annotations

import zlib

from labs.errors import FrameError


class Inflater:
    """One direction of a connection: messages in order, since each may refer to those before."""

    def __init__(self, context_takeover: bool = True) -> None:
        self.context_takeover = context_takeover
        self._zlib = zlib.decompressobj(wbits=-15)

    def inflate(self, payload: bytes, max_size: int) -> bytes:
        """What `payload` was before compression. Raises FrameError, also beyond `max_size`."""
        if self._zlib.eof or not self.context_takeover:
            self._zlib = zlib.decompressobj(wbits=-15)
        # RFC 7692 7.2.2: append 00 00 ff ff, which the sender cut off, then inflate
        try:
            inflated = self._zlib.decompress(payload + b"\x00\x00\xff\xff", max_size + 1)
        except zlib.error:
            raise FrameError("a compressed message that is not DEFLATE", "RFC 7692", 1007) from None
        if len(inflated) > max_size:
            raise FrameError(f"over {max_size} bytes once inflated", "RFC 6455 10.4", 1009)
        return inflated
