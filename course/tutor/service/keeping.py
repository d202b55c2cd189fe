"""Keeps a conversation in the database, without having the learner wait for it.

An answer that comes at once is written once, after its last word. One that takes long is first
written as being given, so that a service that dies in the middle leaves a trace. Whoever reads
what is kept waits until it is: `settled`.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from course.tutor.protocol import Ask, Done, Error
from course.tutor.replies import Exchange
from course.tutor.store.history import History

log = logging.getLogger(__name__)

AT_ONCE = 0.25  # seconds


@dataclass(frozen=True, slots=True)
class Ended:
    """An answer that is over: what is kept of it, the message that ended it, and its number."""

    exchange: Exchange
    end: Done | Error
    last_seq: int


class Keeping:
    """What is being written of one user's conversation."""

    def __init__(self, history: History, user: int, now: Callable[[], float]) -> None:
        self._history = history
        self._user = user
        self._now = now
        self._writing: dict[asyncio.Task[None], asyncio.Task[Ended]] = {}

    def keep(self, ask: Ask, first_seq: int, whole: asyncio.Task[Ended]) -> None:
        """Write this exchange, when there is something to write."""
        task = asyncio.create_task(self._kept(ask, first_seq, self._now(), whole))
        self._writing[task] = whole
        task.add_done_callback(self._writing.pop)

    async def settled(self) -> None:
        """Return when all that has ended is written; what is still being said is not waited for."""
        while pending := [task for task, whole in self._writing.items() if whole.done()]:
            await asyncio.wait(pending)

    async def _kept(self, ask: Ask, first_seq: int, now: float, whole: asyncio.Task[Ended]) -> None:
        try:
            await asyncio.wait({whole}, timeout=AT_ONCE)
            if whole.done():
                ended = whole.result()
                await self._history.put(self._user, ended.exchange, first_seq, ended.last_seq, now)
                return
            await self._history.begin(self._user, ask, first_seq, now)
            ended = await whole
            await self._history.finish(self._user, ended.exchange, ended.last_seq)
        except SQLAlchemyError:
            log.exception("an answer could not be kept")
