"""The body of a request, as its bytes arrive."""

from __future__ import annotations

from asyncio import StreamReader
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from labs.exercises.m11_receive.delivery import PIECE


@dataclass(slots=True)
class Body:
    """An async iterator of bytes; `read` is how many of them somebody asked for so far."""

    reader: StreamReader
    headers: Mapping[str, str]
    read: int = 0
    over: bool = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        piece = b"" if self.over else await self._piece()
        if not piece:
            self.over = True
            raise StopAsyncIteration
        self.read += len(piece)
        return piece

    async def _piece(self) -> bytes:
        if "content-length" in self.headers:
            left = int(self.headers["content-length"]) - self.read
            return await self.reader.read(min(PIECE, left)) if left > 0 else b""
        size = int(await self.reader.readline(), 16)
        piece = await self.reader.readexactly(size)
        await self.reader.readexactly(2)
        return piece
