"""What crossed the wire while a storm ran, exchange by exchange."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from labs.journal import Event, Journal, Opened

STORM, RECEIVER = "storm", "receiver"


@dataclass(slots=True)
class Tape:
    """Every event as it happens, with the number of the exchange that it belongs to."""

    began: float = field(default_factory=time.monotonic)
    events: list[tuple[int, Event]] = field(default_factory=list)
    exchanges: int = 0
    connections: int = 0

    @property
    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def journal(self, exchanges: Collection[int]) -> Journal:
        """The journal of these exchanges; a connection that was kept was opened before some."""
        kept = [event for number, event in self.events if number in exchanges]
        lines = {getattr(event, "connection", None) for event in kept}
        opened = [
            event
            for number, event in self.events
            if number not in exchanges and isinstance(event, Opened) and event.connection in lines
        ]
        events = sorted((*opened, *kept), key=lambda event: event.time)
        first = min((event.time for event in events), default=0.0)
        ended = max((event.time for event in events), default=first)
        return Journal(tuple(events), (STORM, RECEIVER), ended, mode="real")
