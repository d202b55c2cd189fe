"""The conversations in memory, one for each user who was here lately."""

from course.tutor.service.conversation import Conversation, Means


class Conversations:
    """Found in memory, else begun from what the database knows of the user."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self._of: dict[int, Conversation] = {}

    async def of(self, user: int) -> Conversation:
        """The user's conversation."""
        if user not in self._of:
            known, newest = await self.means.history.known(user, self.means.limits.known)
            # Another socket of the same user may have been faster.
            self._of.setdefault(user, Conversation(user, self.means, known, newest))
        return self._of[user]

    async def settled(self, user: int) -> None:
        """Return when the database has all that this user was answered."""
        if user in self._of:
            await self._of[user].settled()

    async def sweep(self) -> None:
        """Forget those who have been away for long."""
        until = self.means.now() - self.means.limits.remembered
        for user, talk in list(self._of.items()):
            if talk.state == "away" and talk.away_since < until:
                talk.forget()
                del self._of[user]
                await talk.close()

    async def drop(self, user: int) -> None:
        """End the user's conversation, before the account is deleted."""
        talk = self._of.pop(user, None)
        if talk is not None:
            await talk.close()

    async def close(self) -> None:
        """End every answer under way."""
        for talk in list(self._of.values()):
            await talk.close()
