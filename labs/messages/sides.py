"""One side of a connection: what it saw, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from labs.journal import Ended, Left
from labs.messages.message import Message

NOTICED = 1.0  # seconds; an answer that comes sooner needs no words

Key: TypeAlias = tuple[float, int, int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that one side noticed: it sent, it got, it ended, it was told of an end."""

    key: Key
    how: str  # "sent" | "got" | "ends" | "told" | "off" | "over"
    what: Message | Ended | Left | None

    @property
    def time(self) -> float:
        """Seconds since the run began."""
        return self.key[0]

    @property
    def message(self) -> Message | None:
        """The message sent or got."""
        return self.what if isinstance(self.what, Message) else None

    @property
    def says(self) -> str:
        """What a table of reactions calls it: "ping sent", "response got", "over"."""
        if self.message is None:
            return self.how
        name = self.message.name.split(" ")[0] if self.message.kind == "frame" else ""
        return f"{name or self.message.kind} {self.how}"


@dataclass(frozen=True, slots=True)
class Thought:
    """A change of mind; `#?` in the words stands for the number of `about`."""

    key: Key
    state: str
    says: str
    about: Message | None = None


def seconds(span: float) -> str:
    """A span of time for a sentence, in seconds as far as they mean something."""
    return f"{span:.0f} s" if span >= 1 and abs(span - round(span)) < 0.05 else f"{span:.1f} s"
