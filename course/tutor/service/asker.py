"""The user who asks, as an answerer knows them: what they may cost, and what it noted of them."""

from typing import Any

from course.tutor.service.quota import Quotas
from course.tutor.store.memory import Memory


class Asker:
    """One user's `Learner`."""

    def __init__(self, user: int, quotas: Quotas, memory: Memory) -> None:
        self._user = user
        self._quotas = quotas
        self._memory = memory

    async def take(self) -> None:
        """Count one call of a model. Raises Spent."""
        await self._quotas.take(self._user)

    async def recall(self, name: str) -> Any:
        """What was kept under this name, or None."""
        return await self._memory.find(self._user, name)

    async def keep(self, name: str, state: Any) -> None:
        """Keep this instead; None keeps nothing."""
        await self._memory.keep(self._user, name, state)
