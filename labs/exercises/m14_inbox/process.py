"""One process of the auction: the learner's inbox, and what a web server makes of its answers."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from labs.exercises.crash import Killed, Process, until_killed
from labs.exercises.m14_inbox.database import Connection
from labs.exercises.m14_inbox.event import Event
from labs.exercises.m14_inbox.gateway import ANSWERED
from labs.exercises.scenario import Stage

BUSY = ("locked", "within a transaction")  # what SQLite says to whoever would have to wait


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank hears; None when the process died. `why` is what a 500 was made of."""

    status: int | None
    why: str = ""

    def __str__(self) -> str:
        if self.status is None:
            return "not at all"
        return f"{self.status} (your code raised {self.why})" if self.why else str(self.status)


@dataclass(slots=True)
class Inbox:
    """The learner's inbox in one process, with its own connection."""

    stage: Stage
    life: Process
    db: Connection
    made: Any = None

    async def answer(self, event: Event) -> Answer:
        """What `handle` returns, or what a web server makes of what it raises."""
        answer: Answer | None = await until_killed(self.stage.call(self._handle, event))
        return answer or Answer(None)

    def end(self) -> None:
        """Kill the process, between two events or in one."""
        self.life.dead = True
        sqlite3.Connection.close(self.db)

    async def _handle(self, event: Event) -> Answer:
        try:
            value = self.made.handle(event)
            value = await value if isawaitable(value) else value
        except Exception as error:
            if self.life.dead:
                raise Killed from None
            if _is_an_answer(error):
                return Answer(500, f"{type(error).__name__}: {error}")
            raise
        if self.life.dead:  # it went on as if nothing had happened
            raise Killed
        return self._status(value)

    def _status(self, value: Any) -> Answer:
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600:
            return Answer(int(value))
        self.stage.report("no_status", f"`handle` returned {value!r}")
        return Answer(500)


def _is_an_answer(error: Exception) -> bool:
    """Is it raised by what the contract lets happen? A web server then answers 500."""
    if isinstance(error, sqlite3.OperationalError):
        return any(word in str(error) for word in BUSY)
    return isinstance(error, sqlite3.IntegrityError) or str(error).startswith(ANSWERED)
