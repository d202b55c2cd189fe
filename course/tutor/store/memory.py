"""What an answerer wants to know of a user the next time, as JSON under a name of its own."""

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from course.tutor.store.schema import remembered


class Memory:
    """The notes of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, user: int, name: str) -> Any:
        """What is kept of this user under this name, or None."""
        asked = select(remembered.c.state).where(*ours(user, name))
        async with self._engine.connect() as connection:
            return await connection.scalar(asked)

    async def all_of(self, user: int) -> dict[str, Any]:
        """Everything that is kept of this user, by name."""
        asked = select(remembered.c.name, remembered.c.state).where(remembered.c.user_id == user)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(asked.order_by(remembered.c.name))).all()
        return {row.name: row.state for row in rows}

    async def keep(self, user: int, name: str, state: Any) -> None:
        """Keep this instead of what was there; None keeps nothing."""
        if state is None:
            async with self._engine.begin() as connection:
                await connection.execute(delete(remembered).where(*ours(user, name)))
        elif not await self._replaced(user, name, state):
            try:
                async with self._engine.begin() as connection:
                    new = insert(remembered).values(user_id=user, name=name, state=state)
                    await connection.execute(new)
            except IntegrityError:  # the same was kept at the same time, or the account is gone
                await self._replaced(user, name, state)

    async def _replaced(self, user: int, name: str, state: Any) -> bool:
        changed = update(remembered).where(*ours(user, name)).values(state=state)
        async with self._engine.begin() as connection:
            return (await connection.execute(changed)).rowcount > 0


def ours(user: int, name: str) -> tuple[Any, Any]:
    """The conditions that find one note."""
    return remembered.c.user_id == user, remembered.c.name == name
