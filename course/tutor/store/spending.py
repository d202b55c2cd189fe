"""Calls of a model, counted by day: for each user, and for the whole service."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from course.tutor.store.schema import spent


class Spent(Exception):
    """No call is left to `who` today."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


class Spending:
    """The counters of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def take(self, day: str, limits: Mapping[str, int]) -> None:
        """Count one call for each of these, or for none of them. Raises Spent."""
        try:
            async with self._engine.begin() as connection:
                for who, limit in limits.items():
                    await count(connection, who, day, limit)
        except IntegrityError:  # the day's first call was made twice at once
            await self.take(day, limits)

    async def calls(self, day: str, who: str) -> int:
        """How many calls were counted that day."""
        asked = select(spent.c.calls).where(spent.c.who == who, spent.c.day == day)
        async with self._engine.connect() as connection:
            return await connection.scalar(asked) or 0


async def count(connection: AsyncConnection, who: str, day: str, limit: int) -> None:
    """Count one call within the limit. Raises Spent."""
    ours = (spent.c.who == who) & (spent.c.day == day)
    # One statement looks and counts, so two calls at once cannot both be the last one.
    raised = update(spent).where(ours & (spent.c.calls < limit)).values(calls=spent.c.calls + 1)
    if (await connection.execute(raised)).rowcount:
        return
    if limit < 1 or await connection.scalar(select(spent.c.calls).where(ours)) is not None:
        raise Spent(who)
    await connection.execute(insert(spent).values(who=who, day=day, calls=1))
