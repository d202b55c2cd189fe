"""What a receiver answered, or why there is no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIMIT = 65_536  # bytes of an answer that are read
VOLATILE = re.compile(r"[0-9a-f]{6,}|\d+", re.IGNORECASE)  # ids and times in a text


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or in `trouble` why there is none."""

    status: int | None
    body: bytes = b""
    seconds: float = 0.0
    trouble: str = ""  # "refused", "silent", "closed", "garbage", "given up"
    exchange: int = 0
    retry_after: str = ""
    endless: bool = False  # there was more than LIMIT

    @property
    def accepted(self) -> bool:
        """Whether a sender takes the event for delivered."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as far as it was read, readable."""
        return self.body.decode("utf-8", "replace")

    @property
    def look(self) -> tuple[int | None, str]:
        """The same for two answers that say the same, but for numbers in them."""
        return self.status, VOLATILE.sub("#", self.text)

    def __str__(self) -> str:
        if self.status is None:
            return TROUBLES[self.trouble].format(self.seconds)
        return f"{self.status}" + (f", more than {LIMIT} bytes" if self.endless else "")


TROUBLES = {
    "refused": "no connection",
    "silent": "no answer in {:.1f} s",
    "closed": "the connection closed without an answer",
    "garbage": "bytes that are no HTTP answer",
    "given up": "storm did not wait for the answer",
}
