"""The tables, in words that SQLite and PostgreSQL both understand.

Times are seconds since the epoch. Whatever belongs to a user goes when the user goes.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 1
METADATA = MetaData()


def user_id() -> Column[int]:
    """The column that makes a row a user's."""
    return Column(
        "user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
    )


layout = Table("layout", METADATA, Column("version", Integer, primary_key=True))

users = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password", String(256)),  # argon2id with its parameters; none behind another door
    Column("created", Double, nullable=False),
    sqlite_autoincrement=True,  # the number of a deleted account is not given away again
)

sessions = Table(
    "sessions",
    METADATA,
    Column("fingerprint", String(64), primary_key=True),  # of the cookie; it is kept nowhere
    user_id(),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
)

exchanges = Table(
    "exchanges",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    user_id(),
    Column("id", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("asked", Double, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger),
    Column("state", String(16), nullable=False),
    Column("answer", Text, nullable=False, default=""),
    Column("citations", JSON, nullable=False, default=list),
    Column("followups", JSON, nullable=False, default=list),
    Column("refusal", JSON(none_as_null=True)),
    Column("source", String(16), nullable=False, default="course"),
    Column("model", String(128)),
    Column("vote", String(8)),
    Column("reason", Text),
    # Both texts with their case folded: a database's own lower() may know ASCII alone.
    Column("searched", Text, nullable=False),
    UniqueConstraint("user_id", "id"),
)

# What an answerer wants to know the next time: the state of an interview, hints that were given.
remembered = Table(
    "remembered",
    METADATA,
    user_id(),
    Column("name", String(100), nullable=False),
    Column("state", JSON, nullable=False),
    UniqueConstraint("user_id", "name"),
)

spent = Table(
    "spent",
    METADATA,
    Column("who", String(80), primary_key=True),  # a user's number, or the whole service
    Column("day", String(10), primary_key=True),  # UTC
    Column("calls", Integer, nullable=False),
)
