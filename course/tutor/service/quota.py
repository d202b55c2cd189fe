"""Calls of a model: so many a day for each user, so many for everybody together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from course.tutor.replies import Quota
from course.tutor.store.spending import Spending

SERVICE = "service"


class Quotas:
    """What everybody may still cost today; a day is one of UTC."""

    def __init__(
        self, spending: Spending, per_user: int, per_day: int, clock: Callable[[], float]
    ) -> None:
        self._spending = spending
        self._per_user = per_user
        self._per_day = per_day
        self._clock = clock

    async def take(self, user: int) -> None:
        """Count one call of this user's. Raises Spent."""
        limits = {str(user): self._per_user, SERVICE: self._per_day}
        await self._spending.take(self._now().date().isoformat(), limits)

    async def left(self, user: int) -> Quota:
        """What is left to the user: no more than is left to all."""
        day = self._now().date().isoformat()
        own = self._per_user - await self._spending.calls(day, str(user))
        all_of = self._per_day - await self._spending.calls(day, SERVICE)
        return Quota(max(0, min(own, all_of)), self._per_user, self._midnight().isoformat())

    def until_reset(self) -> float:
        """Seconds until there are calls again."""
        return (self._midnight() - self._now()).total_seconds()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _midnight(self) -> datetime:
        day = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=1)
