"""The journal while it is being written, in real time and from two threads.

An entry is added when something leaves and changed when it arrives or is lost. Once sealed,
nothing is added or changed: what a run does while it is cleaned up is not part of its story.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any

from labs.journal import Event, Sent


class Tape:
    """Entries by number, and the run's own clock: seconds since the tape began."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._lock = Lock()
        self._entries: list[Event] = []
        self._ended: float | None = None

    def now(self) -> float:
        """Seconds since the tape began; stands still once the tape is sealed."""
        return monotonic() - self._began if self._ended is None else self._ended

    @property
    def sealed(self) -> bool:
        """Whether the run is over."""
        return self._ended is not None

    def append(self, event: Event) -> None:
        """Add an event that will not change."""
        self.add(event)

    def add(self, event: Event) -> int:
        """The number under which the event can be changed."""
        with self._lock:
            if self._ended is None:
                self._entries.append(event)
            return len(self._entries) - 1

    def change(self, number: int, **fields: Any) -> None:
        """Put what has become known, such as `arrived`, into an entry."""
        with self._lock:
            if self._ended is None:
                self._entries[number] = replace(self._entries[number], **fields)

    def put(self, number: int, event: Event) -> None:
        """Another event in an entry's place: what was asked for has come out differently."""
        with self._lock:
            if self._ended is None:
                self._entries[number] = event

    def seal(self) -> float:
        """The second at which the run ended; bytes still under way have not arrived."""
        with self._lock:
            if self._ended is None:
                self._entries = [_cut_off(event) for event in self._entries]
                self._ended = monotonic() - self._began
            return self._ended

    def events(self) -> tuple[Event, ...]:
        """Everything so far, in order of time."""
        with self._lock:
            return tuple(sorted(self._entries, key=lambda event: event.time))


def _cut_off(event: Event) -> Event:
    if isinstance(event, Sent) and event.arrived is None and not event.lost:
        return replace(event, lost="run ended")
    return event
