"""The database, opened: SQLite in a file by default, PostgreSQL where its URL is given."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from course.refusal import Refusal
from course.tutor.store import schema

# What a database raises that fails, or that is not there: asyncpg lets the socket's own error out.
FAILED = (SQLAlchemyError, OSError)
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
PRAGMAS = (
    "journal_mode = WAL",  # readers do not wait for the writer
    "synchronous = NORMAL",  # with WAL a power cut may cost the last answer, never the database
    "foreign_keys = ON",
    "busy_timeout = 5000",
    "secure_delete = ON",  # what a user deletes is overwritten
)


def in_file(file: Path) -> str:
    """The URL of an SQLite database in this file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    """Within the block the database with our tables.

    Raises: Refusal when it cannot be had, or another version of the course made its tables.
    """
    engine = engine_of(url)
    try:
        try:
            reached(engine.url)
            async with engine.begin() as connection:
                await connection.run_sync(prepared)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            why = getattr(error, "orig", None) or error
            raise Refusal(f"The tutor's database cannot be opened ({why}).") from error
        yield engine
    finally:
        await engine.dispose()


def engine_of(url: str) -> AsyncEngine:
    """The engine; nothing is connected yet. Raises Refusal for a URL that names no database."""
    try:
        address = make_url(url)
        kind = address.get_backend_name()
        if kind == "sqlite" and not Path(address.database or "").parent.is_dir():
            raise Refusal(
                f"The tutor's database cannot be opened (no folder of {address.database})."
            )
        return configured(create_async_engine(address.set(drivername=DRIVERS[kind])))
    except (ArgumentError, NoSuchModuleError, KeyError):
        raise Refusal(
            "DATABASE_URL must begin with `sqlite:///` or `postgresql://`; it does not."
        ) from None
    except ModuleNotFoundError as missing:
        raise Refusal(
            f"This database needs the package `{missing.name}`: install it into the course's "
            f"environment with `.venv/bin/pip install {missing.name}`."
        ) from None


def reached(url: URL) -> None:
    """Open and close SQLite's file. Raises sqlite3.Error, and leaves no thread behind that does.

    aiosqlite's thread may tell of a file that cannot be opened when the loop is closed already.
    """
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or ":memory:")) as connection:
            connection.execute("PRAGMA schema_version")


def configured(engine: AsyncEngine) -> AsyncEngine:
    """The engine, with SQLite's settings made on each new connection."""

    def set_up(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", set_up)
    return engine


def prepared(connection: Connection) -> None:
    """Leave our tables in the database. Raises Refusal when they are another version's."""
    schema.METADATA.create_all(connection)
    version = connection.scalar(select(schema.layout.c.version))
    if version is None:
        connection.execute(insert(schema.layout).values(version=schema.VERSION))
    elif version != schema.VERSION:
        raise Refusal(
            f"The tutor's database has layout {version} and this course knows {schema.VERSION}: "
            "export what is in it with the course that made it, and start with another file."
        )
