"""One answer while it is being said: from whatever answers into the conversation's buffer.

However it ends, it ends in a message: `done`, or an `error` with a sentence.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from course.tutor.protocol import Citation, Delta, Done, Down, Error, Refused, Usage
from course.tutor.replies import Exchange
from course.tutor.service.answerer import Part
from course.tutor.service.keeping import Keeping
from course.tutor.service.said import Said
from course.tutor.service.talk import NotFinished
from course.tutor.store.history import History
from course.tutor.store.spending import Spent

log = logging.getLogger(__name__)

SPENT = "The calls of the model are spent for today."
FAILED = "The answer could not be given; please ask once more."
INTERRUPTED = "The tutor was stopped in the middle of this answer; please ask once more."


async def say(
    parts: AsyncGenerator[Part, None], said: Said, put: Callable[[Down], object], within: float
) -> Done | Error:
    """How the answer ended; everything before that has been put."""
    try:
        async with asyncio.timeout(within), aclosing(parts):
            async for part in parts:
                if isinstance(part, Done):
                    return part
                said.add(part)
                put(part)
    except asyncio.CancelledError:
        return Done(said.usage, stopped=True)
    except Spent:
        return Error("quota", SPENT)
    except NotFinished as why:
        return Error("interrupted" if why.state == "interrupted" else "failed", INTERRUPTED)
    except Exception:  # an answerer is anybody's code; the learner gets a sentence
        log.exception("an answer failed")
        return Error("failed", FAILED)
    return Done(said.usage)


async def replayed(
    history: History, keeping: Keeping, user: int, ask_id: str
) -> AsyncGenerator[Part, None]:
    """The parts of an answer that was given before. Raises NotFinished."""
    await keeping.settled()
    kept = await history.find(user, ask_id)
    if kept.state in ("answering", "failed", "interrupted"):
        raise NotFinished(kept.state)
    if kept.answer:
        yield Delta(kept.answer)
    for each in kept.citations:
        yield Citation(each.n, each.id, each.title, each.url)
    if kept.refusal:
        yield Refused(kept.refusal.reason, kept.refusal.suggestions)
    yield done(kept)


def done(kept: Exchange) -> Done:
    """The end of an answer that was given before."""
    return Done(Usage(kept.source, kept.model), kept.followups, kept.state == "stopped")
