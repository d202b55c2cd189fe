"""One socket's place in the buffer.

A slow reader costs no queue of its own: it is a number that lags behind. When the buffer has gone
on without it, the reader is given up, and may come back and resume where the buffer begins.
"""

import asyncio
from collections.abc import Awaitable, Callable

from course.tutor.service.buffer import Buffer, Gap


class Reader:
    """Sends what the buffer holds, one message after the other, as fast as the socket takes it."""

    def __init__(
        self,
        send: Callable[[str], Awaitable[None]],
        give_up: Callable[[], Awaitable[None]],
        patience: float,
    ) -> None:
        self._send = send
        self._give_up = give_up
        self._patience = patience
        self._seq: int | None = None  # None: it has not asked to follow
        self._writing: asyncio.Task[None] | None = None  # only while there is something to send

    @property
    def follows(self) -> bool:
        """Whether it is sent what comes."""
        return self._seq is not None

    def follow(self, buffer: Buffer, seq: int) -> None:
        """From now on, send whatever comes after this number."""
        self._seq = seq
        self.wake(buffer)

    def wake(self, buffer: Buffer) -> None:
        """Send what there is."""
        idle = self._writing is None or self._writing.done()
        if idle and self._seq is not None and self._seq != buffer.newest:
            self._writing = asyncio.create_task(self._write(buffer))

    def leave(self) -> None:
        """Send nothing more."""
        self._seq = None
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self, buffer: Buffer) -> None:
        try:
            while self._seq is not None and self._seq < buffer.newest:
                text = buffer.after(self._seq)
                self._seq += 1
                async with asyncio.timeout(self._patience):
                    await self._send(text)
        except (Gap, TimeoutError):
            self._seq = None
            await self._give_up()
        except ConnectionError:
            self._seq = None  # whoever reads from the socket notices as well
