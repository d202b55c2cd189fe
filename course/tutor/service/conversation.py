"""One user's conversation: at most one answer at a time, whatever the number of sockets.

The answer does not depend on a socket: it goes into the buffer, and readers take it from there.
So a cut costs nothing, and a question that is asked again after it finds its answer.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, replace

from course.tutor.protocol import Ask, Done, Down, Error, Start
from course.tutor.service.answerer import Answerer, Part
from course.tutor.service.asker import Asker
from course.tutor.service.buffer import Buffer, Gap
from course.tutor.service.keeping import Ended, Keeping
from course.tutor.service.limits import Limits
from course.tutor.service.quota import Quotas
from course.tutor.service.reader import Reader
from course.tutor.service.said import Said
from course.tutor.service.saying import replayed, say
from course.tutor.service.talk import TALK, Busy, UnknownAsk
from course.tutor.store import database
from course.tutor.store.history import History
from course.tutor.store.memory import Memory
from labs.errors import IllegalMove

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """What every conversation works with; `now` is the time of day."""

    answerer: Answerer
    history: History
    quotas: Quotas
    memory: Memory
    limits: Limits
    now: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Running:
    """The answer that is being given; a stop cancels the saying, and the whole ends in order."""

    id: str
    first_seq: int
    saying: asyncio.Task[Done | Error]
    whole: asyncio.Task[Ended]


class Conversation:
    """What one user asks and is told."""

    def __init__(self, user: int, means: Means, known: Iterable[str], newest: int) -> None:
        self.state = "away"
        self.away_since = means.now()
        self._user = user
        self._means = means
        self._known = set(known)
        self._buffer = Buffer(newest, means.limits.buffered, means.limits.buffered_bytes)
        self._readers: set[Reader] = set()
        self._present = 0
        self._running: Running | None = None
        self._keeping = Keeping(means.history, user, means.now)

    def connect(self, reader: Reader | None = None) -> None:
        """A socket is there, or a single question over HTTP, which has no reader."""
        if self._present == 0:
            self._move("connect")
        self._present += 1
        if reader is not None:
            self._readers.add(reader)

    def cut(self, reader: Reader | None = None) -> None:
        """It is gone; the answer goes on."""
        self._present -= 1
        if reader is not None:
            self._readers.discard(reader)
            reader.leave()
        if self._present == 0:
            self._move("cut")

    def ask(self, ask: Ask, reader: Reader | None = None) -> asyncio.Task[Ended]:
        """The answer under way: a new one, or the one that this question has already.

        Raises: Busy while another question is answered; Gap when the beginning is gone.
        """
        if self._running and self._running.id == ask.id:
            self._show(reader, self._running.first_seq - 1)
            return self._running.whole
        try:
            self._move("ask")
        except IllegalMove:
            raise Busy from None
        self._show(reader, self._buffer.newest)
        self._running = self._begun(ask, is_new=ask.id not in self._known)
        self._known.add(ask.id)
        return self._running.whole

    def stop(self, ask_id: str) -> None:
        """No more of this answer; a second stop is none. Raises UnknownAsk."""
        if self._running is None or self._running.id != ask_id:
            raise UnknownAsk(ask_id)
        if self.state == "answering":
            self._move("stop")
            self._running.saying.cancel()

    def resume(self, reader: Reader, last_seq: int) -> None:
        """Send what the reader missed, and then what comes.

        Raises: Gap where that is no longer there; the answer under way is sent all the same.
        """
        try:
            reader.follow(self._buffer, self._buffer.place(last_seq))
        except Gap:
            begins = self._running.first_seq - 1 if self._running else self._buffer.newest
            reader.follow(self._buffer, max(begins, self._buffer.oldest - 1))
            raise

    async def turn(self) -> None:
        """Return when no answer is being given."""
        while self._running is not None:
            await asyncio.wait({self._running.whole})

    async def settled(self) -> None:
        """Return when the database has all that was answered."""
        await self._keeping.settled()

    async def close(self) -> None:
        """End the answer under way, and keep what there is of it."""
        if self._running is not None:
            self._running.saying.cancel()
            await asyncio.wait({self._running.whole})
        await self._keeping.close()

    def forget(self) -> None:
        """Say that nobody will come back to it."""
        self._move("forget")

    def _begun(self, ask: Ask, *, is_new: bool) -> Running:
        first = self._put(Start(ask.id))
        said = Said(ask, self._means.answerer.model)
        saying = asyncio.create_task(
            say(self._parts(ask, is_new=is_new), said, self._put, self._means.limits.answer_within)
        )
        whole = asyncio.create_task(self._ends(said, saying))
        if is_new:
            self._keeping.keep(ask, first, whole)
        return Running(ask.id, first, saying, whole)

    def _parts(self, ask: Ask, *, is_new: bool) -> AsyncGenerator[Part, None]:
        if is_new:
            asker = Asker(self._user, self._means.quotas, self._means.memory)
            return self._means.answerer(ask, asker)
        return replayed(self._means.history, self._keeping, self._user, ask.id)

    async def _ends(self, said: Said, saying: asyncio.Task[Done | Error]) -> Ended:
        end = await ended(saying)
        exchange = said.exchange(end)
        try:
            end = await self._with_quota(end)
        except database.FAILED:
            log.exception("what is left could not be looked up")
        if isinstance(end, Error):
            end = replace(end, id=exchange.id)
        last = self._put(end)
        self._running = None
        self._move("end")
        return Ended(exchange, end, last)

    async def _with_quota(self, end: Done | Error) -> Done | Error:
        if isinstance(end, Error):
            wait = self._means.quotas.until_reset() if end.code == "quota" else None
            return replace(end, retry_after=wait)
        if self._means.answerer.model is None:
            return end
        left = await self._means.quotas.left(self._user)
        usage = replace(end.usage, left=left.left, of=left.of, resets=left.resets)
        return replace(end, usage=usage)

    def _show(self, reader: Reader | None, seq: int) -> None:
        if reader is not None and not reader.follows:
            reader.follow(self._buffer, self._buffer.place(seq))

    def _move(self, event: str) -> None:
        self.state = TALK.move(self.state, event)
        if self.state == "away":
            self.away_since = self._means.now()

    def _put(self, message: Down) -> int:
        seq = self._buffer.put(message)
        for reader in self._readers:
            reader.wake(self._buffer)
        return seq


async def ended(saying: asyncio.Task[Done | Error]) -> Done | Error:
    """How it ended, also where it was stopped before its first word."""
    await asyncio.wait({saying})
    return Done(stopped=True) if saying.cancelled() else saying.result()
