"""Keeps a conversation in the database, without having the learner wait for it.

What ended within a moment is written together, in one transaction. An answer that takes longer is
first written as being given, so that a service that dies in the middle leaves a trace of it.
Whoever reads what is kept has it written first: `settled`.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from course.tutor.protocol import Ask, Done, Error
from course.tutor.replies import Exchange
from course.tutor.store import database
from course.tutor.store.history import Answered, History

log = logging.getLogger(__name__)

MOMENT = 0.25  # seconds


@dataclass(frozen=True, slots=True)
class Ended:
    """An answer that is over: what is kept of it, the message that ended it, and its number."""

    exchange: Exchange
    end: Done | Error
    last_seq: int


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """An answer that is being given, or has been, and is not kept yet."""

    ask: Ask
    first_seq: int
    asked: float
    whole: asyncio.Task[Ended]

    def answered(self) -> Answered:
        """What is kept of it, once it is over."""
        ended = self.whole.result()
        return Answered(ended.exchange, self.first_seq, ended.last_seq, self.asked)


class Keeping:
    """What has to be written of one user's conversation."""

    def __init__(self, history: History, user: int, now: Callable[[], float]) -> None:
        self._history = history
        self._user = user
        self._now = now
        self._new: list[Given] = []
        self._begun: list[Given] = []
        self._alone = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None

    def keep(self, ask: Ask, first_seq: int, whole: asyncio.Task[Ended]) -> None:
        """Have this exchange written, soon."""
        self._new.append(Given(ask, first_seq, self._now(), whole))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settled(self) -> None:
        """Return when all that has ended is written; it is written also if the caller is gone."""
        await asyncio.shield(self._settled())

    async def _settled(self) -> None:
        async with self._alone:
            try:
                await self._settle()
            except database.FAILED:
                log.exception("an answer could not be kept")

    async def _settle(self) -> None:
        new, self._new = self._new, []
        over = [given for given in new if given.whole.done()]
        slow = [given for given in new if not given.whole.done()]
        ended = [given for given in self._begun if given.whole.done()]
        self._begun = [given for given in self._begun if given not in ended] + slow
        await self._history.put(self._user, [given.answered() for given in over])
        for given in slow:
            await self._history.begin(self._user, given.ask, given.first_seq, given.asked)
        for given in ended:
            await self._history.finish(self._user, given.answered())

    async def close(self) -> None:
        """Write what there is, and look no more."""
        async with self._alone:  # so that nothing is cancelled while it is being written
            if self._writing is not None:
                self._writing.cancel()
        await self.settled()

    async def _write(self) -> None:
        while self._new or self._begun:
            await asyncio.sleep(MOMENT)
            await self.settled()
