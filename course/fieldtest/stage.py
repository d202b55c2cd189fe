"""A storm as it runs: deliveries go out, and what came back is written down beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from course.fieldtest.answer import Answer
from course.fieldtest.effects import Counts, Effects
from course.fieldtest.line import WHOLE, Course
from course.fieldtest.senders import Event, Sender
from course.fieldtest.tape import Tape
from course.fieldtest.target import Target
from course.fieldtest.wire import Wire
from labs.webhook.signed_text import Post

MOST = 400  # deliveries of a run
RATE = 400  # deliveries a second
AT_ONCE = 12  # open connections
PATIENCE = 6.0  # seconds for an answer, once the first has come
LAST, END = 16.0, 18.5  # seconds since the run began: of the last delivery, of the last answer
ATTEMPTS = 4
BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery: of which event, for which part of the storm, and what came back."""

    probe: str
    event: Event
    says: str  # what was sent, in words
    genuine: bool  # a sender could have sent this
    whole: bool  # all of it went out, and storm waited for the answer
    began: float
    ended: float
    answer: Answer
    late: bool = False  # of an event that was accepted long before


class Enough(Exception):
    """The storm has sent as much, or for as long, as it may."""


@dataclass(slots=True)
class Stage:
    """What the parts of a storm share."""

    sender: Sender
    target: Target
    effects: Effects | None
    agent: str
    rng: Random
    run: str  # makes the ids of this run its own
    unhurried: float = 1.0  # deliberate waits are multiplied by it
    patience: float = PATIENCE
    attempts: list[Attempt] = field(default_factory=list)
    type: str = ""
    started: int = 0
    wire: Wire = field(init=False)
    _events: int = 0
    _open: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def __post_init__(self) -> None:
        self.wire = Wire(self.target, self.agent)

    @property
    def tape(self) -> Tape:
        """What crossed the wire."""
        return self.wire.tape

    def event(self, kind: str = "", more: Mapping[str, object] | None = None) -> Event:
        """Something new that happened, of a type that the receiver takes unless one is named."""
        self._events += 1
        begins = self.sender.shape.get("ids", "evt_")
        number = f"{self.run}{self._events:04}"
        named = begins + number
        if begins == "uuid":
            named = str(UUID(bytes=number.encode()[-16:].rjust(16, b"s")))
        about = f"{self.run}o{self._events}"
        return Event(named, kind or self.type, about, int(time.time()), more)

    async def deliver(
        self,
        probe: str,
        event: Event,
        says: str,
        post: Post | None = None,
        *,
        genuine: bool = True,
        course: Course = WHOLE,
        late: bool = False,
        patience: float | None = None,
    ) -> Answer:
        """What is answered to one delivery. Raises Enough at the end of what is allowed."""
        async with self._open:
            await self._bounded()
            if post is None:
                post = self.sender.post(event, time.time())
            began = self.tape.now
            course = course.paced(self.unhurried)
            left = min(patience or self.patience, END - began)
            # What comes again much later may meet another process: it has its own connection.
            answer = await self.wire.exchange(post, left, course, apart=late)
        whole = course.leave_after is None
        attempt = Attempt(probe, event, says, genuine, whole, began, self.tape.now, answer, late)
        self.attempts.append(attempt)
        return answer

    async def until_kept(
        self, probe: str, event: Event, says: str, post: Post | None = None, late: bool = False
    ) -> Answer:
        """What is answered in the end: like every sender, storm tries again after a failure."""
        for attempt in range(1, ATTEMPTS + 1):
            again = f"{says}, attempt {attempt}" if attempt > 1 else says
            answer = await self.deliver(probe, event, again, post, late=late)
            if not _worth_another(answer) or attempt == ATTEMPTS:
                break
            await self.wait(min(_asked(answer), 2.0) or 0.1 * 2**attempt)
        return answer

    async def wait(self, seconds: float) -> None:
        """Wait on purpose."""
        await asyncio.sleep(seconds * self.unhurried)

    async def counts(self) -> Counts:
        """How often each event took effect by now."""
        return await self.effects.read() if self.effects else {}

    async def _bounded(self) -> None:
        if self.started >= MOST or self.tape.now > LAST:
            raise Enough
        self.started += 1
        ahead = self.started / RATE - self.tape.now
        if ahead > 0.02:
            await self.wait(ahead)

    def accepted(self, probe: str = "") -> Sequence[Event]:
        """Events that were accepted, in order, each once."""
        found = {
            each.event.id: each.event
            for each in self.attempts
            if each.genuine and each.answer.accepted and probe in ("", each.probe)
        }
        return list(found.values())


def _worth_another(answer: Answer) -> bool:
    return answer.status is None or answer.status >= 500 or answer.status in (425, 429)


def _asked(answer: Answer) -> float:
    """Seconds that Retry-After asks for, where it is a number."""
    text = answer.retry_after
    return float(text[:4]) if text.isascii() and text.isdigit() else 0.0
