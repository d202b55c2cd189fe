"""Accounts and their sessions; of the secret in a session's cookie only a fingerprint is kept."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from course.tutor.store.schema import sessions, users


class NameTaken(Exception):
    """Somebody has this name."""


@dataclass(frozen=True, slots=True)
class User:
    """An account; `password` is its argon2id hash, None behind a door without passwords."""

    id: int
    name: str
    password: str | None


class People:
    """The accounts and sessions of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def named(self, name: str) -> User | None:
        """The account with this name."""
        asked = select(users.c.id, users.c.name, users.c.password).where(users.c.name == name)
        async with self._engine.connect() as connection:
            row = (await connection.execute(asked)).first()
        return User(*row) if row else None

    async def create(self, name: str, password: str | None, now: float) -> User:
        """A new account. Raises NameTaken."""
        new = insert(users).values(name=name, password=password, created=now)
        try:
            async with self._engine.begin() as connection:
                number = (await connection.execute(new.returning(users.c.id))).scalar_one()
        except IntegrityError:
            raise NameTaken(name) from None
        return User(number, name, password)

    async def ensure(self, name: str, now: float) -> User:
        """The account with this name, made where there is none."""
        try:
            return await self.named(name) or await self.create(name, None, now)
        except NameTaken:  # between the two lines
            return await self.ensure(name, now)

    async def set_password(self, user: int, password: str) -> None:
        """Leave the account with this hash, and whoever was signed in signed out."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(users).where(users.c.id == user).values(password=password)
            )
            await connection.execute(delete(sessions).where(sessions.c.user_id == user))

    async def rehash(self, user: int, password: str) -> None:
        """Leave the account with a stronger hash of the password that it has."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(users).where(users.c.id == user).values(password=password)
            )

    async def erase(self, user: int) -> None:
        """Leave nothing of the account: its sessions and its history go with it."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(users).where(users.c.id == user))

    async def open_session(self, user: int, fingerprint: str, now: float, expires: float) -> None:
        """Leave a session; those that have expired are cleared away."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires <= now))
            await connection.execute(
                insert(sessions).values(
                    fingerprint=fingerprint, user_id=user, created=now, expires=expires
                )
            )

    async def in_session(self, fingerprint: str, now: float) -> User | None:
        """Whose session this is, while it lasts."""
        asked = (
            select(users.c.id, users.c.name, users.c.password)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(sessions.c.fingerprint == fingerprint, sessions.c.expires > now)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(asked)).first()
        return User(*row) if row else None

    async def end_session(self, fingerprint: str) -> None:
        """Revoke one session."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.fingerprint == fingerprint))

    async def end_sessions(self, user: int) -> None:
        """Revoke every session of the account."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.user_id == user))
