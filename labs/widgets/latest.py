"""Only the latest wish counts: a dragged slider asks often, the lab runs once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

PAUSE = 0.06  # seconds without a new wish before the lab runs


class Handle(Protocol):
    """What `later` gives back."""

    def cancel(self) -> None:
        """Forgets the call."""


Later = Callable[[float, Callable[[], None]], Handle]


class Latest:
    """Runs `act` with the last of a quick row of wishes."""

    def __init__(self, act: Callable[[Any], None], later: Later | None = None) -> None:
        self.act = act
        self.later = later
        self.waiting: Handle | None = None

    def ask(self, wish: Any) -> None:
        """Replaces the wish that waits; at once where no loop runs to wait in."""
        if self.waiting is not None:
            self.waiting.cancel()
        later = self.later or _loop_later()
        if later is None:
            self.act(wish)
        else:
            self.waiting = later(PAUSE, lambda: self.come(wish))

    def come(self, wish: Any) -> None:
        """The wish has waited long enough."""
        self.waiting = None
        self.act(wish)


def _loop_later() -> Later | None:
    try:
        return asyncio.get_running_loop().call_later
    except RuntimeError:
        return None
