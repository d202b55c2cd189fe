"""The answerer of the service: who answers which question, with a model or without."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from course.tutor.answering import Reply, guard
from course.tutor.dialogue import interviewing, paragraph
from course.tutor.dialogue.helping import helped, wanted
from course.tutor.dialogue.work import Work, asks_for_all, is_about, work
from course.tutor.models.leaks import every_secret
from course.tutor.models.model import Model, Source
from course.tutor.models.written import Draft, plainly, written
from course.tutor.protocol import Ask, Done, Refused
from course.tutor.service.answerer import Learner, Part
from course.tutor.service.quoting import Quoting, parts
from labs.exercises.exercise import RUNGS


class Tutor:
    """Quotes the course, climbs the ladder of hints, leads interviews; a model may word it."""

    def __init__(self, quoting: Quoting, model: Model | None = None) -> None:
        self._quoting = quoting
        self._model = model
        if model is not None:
            every_secret()  # now, rather than in the middle of the first answer

    @property
    def model(self) -> str | None:
        """The model that it may call."""
        return self._model.name if self._model else None

    async def __call__(self, ask: Ask, learner: Learner) -> AsyncGenerator[Part, None]:
        """The parts of the answer, as they come."""
        if ask.mode == "interview":
            telling = interviewing.turn(ask, learner, self._model)
        else:
            telling = self._told(ask, await self._draft(ask, learner), learner)
        async with aclosing(telling) as parts_of:
            async for part in parts_of:
                yield part

    def _told(self, ask: Ask, draft: Draft, learner: Learner) -> AsyncGenerator[Part, None]:
        if self._model is None or not draft.sources:
            return plainly(draft)
        return written(self._model, ask, draft, learner)

    async def _draft(self, ask: Ask, learner: Learner) -> Draft:
        brought = work(ask.context)
        if brought and (wants_all(ask) or help_wanted(ask)):
            return await self._help(ask, brought, learner)
        return await self._quoted(ask)

    async def _quoted(self, ask: Ask) -> Draft:
        reply = await self._quoting.reply(ask)
        *said, end = parts(reply)
        followups = end.followups if isinstance(end, Done) else ()
        near = () if self._model is None else await self._near(ask, reply)
        return Draft(tuple(said), followups, near)

    async def _near(self, ask: Ask, reply: Reply) -> tuple[Source, ...]:
        """What a model may answer from; nothing where the course declined."""
        return await self._quoting.consulted(paragraph.sources, reply, ask.question)

    async def _help(self, ask: Ask, brought: Work, learner: Learner) -> Draft:
        rung = await next_rung(ask, brought, learner)
        lesson = brought.about.lesson
        near = await self._quoting.consulted(paragraph.nearest, lesson, wanted(brought))
        asked_for_all = wants_all(ask)
        # The first fault that any code can have brings the whole world along, a third of a second.
        draft = await asyncio.to_thread(
            helped, brought, rung=rung, passage=near, wants_solution=asked_for_all
        )
        if not asked_for_all:
            return draft
        refused = Refused("guarded", draft.followups)
        return Draft((*draft.parts, refused), draft.followups)


async def next_rung(ask: Ask, brought: Work, learner: Learner) -> int:
    """The rung that comes next, counting those that the tutor gave; 0 where none is asked for."""
    if ask.mode != "hint" or brought.verdict == "correct":
        return 0
    name = f"hints {brought.about.id}"
    given = max(brought.hints, await learner.recall(name) or 0)
    rung = min(given + 1, len(RUNGS))
    await learner.keep(name, rung)
    return rung


def wants_all(ask: Ask) -> bool:
    """Is it the exercise's solution that is wanted?"""
    return guard.asks_for_solution(ask.question) or asks_for_all(ask.question)


def help_wanted(ask: Ask) -> bool:
    """Is it about the learner's own exercise, and nothing that the course declines?"""
    return not guard.refused(ask.question) and (ask.mode == "hint" or is_about(ask.question))
