"""A database for each test: SQLite, and PostgreSQL where DATABASE_URL names one."""

import asyncio
import os
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql

from course.tutor.store import database, schema
from course.tutor.store.history import History
from course.tutor.store.memory import Memory
from course.tutor.store.people import People
from course.tutor.store.spending import Spending

POSTGRESQL = os.environ.get("DATABASE_URL", "")
ELSEWHERE = pytest.mark.skipif(
    # These tests drop the tables again, so they never touch a database that is somebody's.
    not (POSTGRESQL.startswith("postgres") and "test" in POSTGRESQL.rpartition("/")[2]),
    reason="DATABASE_URL names no PostgreSQL database with `test` in its name; "
    "every statement is compiled for PostgreSQL all the same",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ELSEWHERE)])
def kept(request, tmp_path):
    """`kept(program)` runs a coroutine function on an empty database, and what it said to it.

    Whatever statement it makes is also compiled for PostgreSQL, which refuses more than SQLite.
    """
    file = tmp_path / "tutor.sqlite3"
    url = POSTGRESQL if request.param == "postgresql" else database.in_file(file)

    def run(program):
        return asyncio.run(alone(program))

    async def alone(program):
        async with database.opened(url) as engine:
            compiled = compiling(engine)
            try:
                stores = SimpleNamespace(
                    people=People(engine), history=History(engine), spending=Spending(engine),
                    memory=Memory(engine),
                    engine=engine, compiled=compiled, url=url, file=file,
                )  # fmt: skip
                return await program(stores)
            finally:
                if request.param == "postgresql":
                    async with engine.begin() as connection:
                        await connection.run_sync(schema.METADATA.drop_all)

    return run


def compiling(engine):
    """Every statement from now on, as PostgreSQL would read it."""
    texts = []

    def look(connection, statement, *_):
        texts.append(str(statement.compile(dialect=postgresql.dialect())))

    event.listen(engine.sync_engine, "before_execute", look)
    return texts
