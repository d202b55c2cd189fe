"""Opening the database, and the sentences of one that cannot be opened."""

import asyncio

import pytest
from sqlalchemy import text, update

from course.refusal import Refusal
from course.tutor.store import database, schema


def open_once(url):
    """Open and close it."""

    async def program():
        async with database.opened(url):
            pass

    asyncio.run(program())


def test_statements_are_compiled_for_postgresql(kept):
    """The fixture of these tests sees each statement: what PostgreSQL has no word for fails."""

    async def program(stores):
        await stores.people.create("ada", None, now=0)
        assert "RETURNING users.id" in stores.compiled[-1]

    kept(program)


def test_sqlite_is_set_up_for_a_service(tmp_path):
    """Write-ahead log, foreign keys, waiting for a lock, overwriting what is deleted."""

    async def program():
        async with database.opened(database.in_file(tmp_path / "t")) as engine:
            async with engine.connect() as connection:
                names = ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete")
                return [await connection.scalar(text(f"PRAGMA {name}")) for name in names]

    assert asyncio.run(program()) == ["wal", 1, 5000, 1]


def test_another_versions_tables_are_refused(tmp_path):
    """Nothing is guessed about a layout that this course does not know."""
    url = database.in_file(tmp_path / "t")

    async def later():
        async with database.opened(url) as engine, engine.begin() as connection:
            await connection.execute(update(schema.layout).values(version=99))

    asyncio.run(later())
    with pytest.raises(Refusal, match="layout 99"):
        open_once(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://somewhere/db", "must begin with"),
        ("tutor.sqlite3", "must begin with"),
        ("sqlite:////nowhere/at/all/t", "cannot be opened"),
        ("postgresql://ada:wonder@127.0.0.1:1/tutor", "cannot be opened|needs the package"),
    ],
)
def test_a_database_that_is_none_is_a_sentence(url, says):
    """No traceback, and no password in the sentence."""
    with pytest.raises(Refusal, match=says) as refused:
        open_once(url)

    assert "wonder" not in str(refused.value)
