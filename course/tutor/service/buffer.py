"""The numbered messages of one user's answers, the newest of them kept for `resume`."""

from collections import deque
from dataclasses import replace

from course.tutor.protocol import Down, formatted


class Gap(Exception):
    """What comes after this `seq` is not in the buffer, or was never sent."""


class Buffer:
    """At most so many messages and bytes; the oldest leave first."""

    def __init__(self, newest: int, most: int, most_bytes: int) -> None:
        self.newest = newest  # the `seq` of the last message
        self._most = most
        self._most_bytes = most_bytes
        self._texts: deque[str] = deque()
        self._size = 0

    @property
    def oldest(self) -> int:
        """The `seq` of the first message that is still here, or of the next one to come."""
        return self.newest - len(self._texts) + 1

    def put(self, message: Down) -> int:
        """The number that the message got."""
        self.newest += 1
        text = formatted(replace(message, seq=self.newest))
        self._texts.append(text)
        self._size += len(text)
        while len(self._texts) > self._most or self._size > self._most_bytes:
            self._size -= len(self._texts.popleft())
        return self.newest

    def after(self, seq: int) -> str:
        """The message that follows this number. Raises Gap."""
        if not self.oldest - 1 <= seq < self.newest:
            raise Gap(seq)
        return self._texts[seq + 1 - self.oldest]

    def place(self, last_seq: int) -> int:
        """The number to go on after, for a reader who saw messages up to `last_seq`; 0 is none.

        Raises: Gap when some of what it missed is gone, or it saw what was never sent.
        """
        seq = last_seq or self.oldest - 1
        if not self.oldest - 1 <= seq <= self.newest:
            raise Gap(last_seq)
        return seq
