"""A SQLite connection that takes its statements one step at a time, so that a process can die.

It is `sqlite3.Connection` in every other respect: what a learner writes against the real one runs.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any, Literal

from labs.exercises.crash import Killed

TABLES = """
    CREATE TABLE balances (bidder PRIMARY KEY, amount);
    CREATE TABLE lots (lot PRIMARY KEY, version, price);
"""
# SQLite's own wait for a lock is a real sleep, and whoever holds the lock sleeps with it.
PATIENCE = re.compile(r"(?i)pragma\s+busy_timeout\s*=\s*\d+")

# Nothing here outlives the run, so the file need not be safe from a power cut.
QUICK = "PRAGMA synchronous = OFF"

Step = Callable[[str], None]


def nothing(_: str) -> None:
    """A step at which nothing happens."""


class Cursor(sqlite3.Cursor):
    """A cursor whose every statement is a step of its process."""

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:  # noqa: D102 - as in sqlite3
        super().execute(self._taken(sql), parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:  # noqa: D102
        super().executemany(self._taken(sql), parameters)
        return self

    def executescript(self, sql: str, /) -> Cursor:  # noqa: D102
        super().executescript(self._taken(sql))
        return self

    def _taken(self, sql: str) -> str:
        assert isinstance(self.connection, Connection)
        self.connection.take(" ".join(sql.split()))
        return PATIENCE.sub("PRAGMA busy_timeout = 0", sql)


class Connection(sqlite3.Connection):
    """A connection that is gone, without a commit, at the step at which its process dies."""

    step: Step = staticmethod(nothing)
    gone = False

    def take(self, statement: str) -> None:
        """One more step. Raises Killed where the process dies, and ever after."""
        try:
            self.step(statement)
        except Killed:
            self.gone = True
            super().close()
            raise

    def cursor(self, factory: Any = Cursor) -> Any:  # noqa: D102 - the rest is as in sqlite3
        if self.gone:
            raise Killed("cursor")
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: D102
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Any:  # noqa: D102
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql: str, /) -> Any:  # noqa: D102
        return self.cursor().executescript(sql)

    def commit(self) -> None:  # noqa: D102
        self.take("COMMIT")
        super().commit()

    def rollback(self) -> None:  # noqa: D102
        self.take("ROLLBACK")
        super().rollback()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> Literal[False]:
        # C's own does the same, but commits without a step.
        if kind is not None:
            self.rollback()
            return False
        try:
            self.commit()
        except sqlite3.Error:
            self.rollback()
            raise
        return False


def connect(path: str) -> Connection:
    """A connection as `sqlite3.connect` gives it, but that a locked file raises at once."""
    db = sqlite3.connect(path, timeout=0, factory=Connection)
    db.execute(QUICK)
    return db


def create(path: str) -> None:
    """A file with the tables that the auction has already."""
    with closing(connect(path)) as db:
        db.executescript(TABLES)


def read(path: str, query: str, *parameters: object) -> Any:
    """What another connection sees, in one value; None where there is nothing, or it is locked."""
    with closing(connect(path)) as db:
        try:
            row = db.execute(query, parameters).fetchone()
        except sqlite3.OperationalError:
            return None
        return row[0] if row is not None else None


def add_bidders(path: str, *bidders: str) -> None:
    """Each of them has a balance of nothing."""
    with closing(connect(path)) as db, db:
        rows = [(bidder, 0) for bidder in dict.fromkeys(bidders)]
        db.executemany("INSERT INTO balances VALUES (?, ?)", rows)
