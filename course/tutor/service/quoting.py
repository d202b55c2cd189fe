"""The answerer that is always there: it quotes the course, and asks nobody.

A question is answered within a millisecond, at once. What is long, or comes with the learner's
work, takes its turn in a thread of its own, while the event loop goes on.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from course.refusal import Refusal
from course.tutor.answering import Index, Reply, answer
from course.tutor.answering.composing import sentences_of
from course.tutor.answering.words import terms
from course.tutor.protocol import Ask, Citation, Delta, Done, Refused, Usage
from course.tutor.service.answerer import Learner, Part

Found = TypeVar("Found")
SHORT = 200  # characters of a question


class Quoting:
    """Answers from the passages."""

    model = None

    def __init__(self, passages: Path) -> None:
        self._thread = ThreadPoolExecutor(1, "tutor")
        self._index = self._thread.submit(opened, passages).result()

    async def reply(self, ask: Ask) -> Reply:
        """What the course says."""
        if ask.context:
            return await self.consulted(answer, ask.question, mode_of(ask), ask.context)
        if len(ask.question) > SHORT:
            return await self.consulted(plain, ask.question, mode_of(ask))
        return plain(self._index, ask.question, mode_of(ask))

    async def consulted(self, function: Callable[..., Found], *arguments: Any) -> Found:
        """What the function finds in the index, in the index's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function, self._index, *arguments)

    async def __call__(self, ask: Ask, learner: Learner) -> AsyncGenerator[Part, None]:
        """The reply as messages; it costs no call of a model."""
        for part in parts(await self.reply(ask)):
            yield part


def opened(passages: Path) -> Index:
    """The index of the passages. Raises Refusal where there are none."""
    try:
        index = Index.open(json.loads(passages.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise Refusal(
            f"The tutor has nothing to read: {passages} cannot be used ({error}). "
            "`python3 -m course site` makes it."
        ) from error
    quoted = [said.text for pair in index.pairs for said in pair.sentences]
    for sentence in (*quoted, *chain.from_iterable(map(sentences_of, index.passages))):
        terms(sentence)  # what is read once is remembered: the first to ask need not wait
    return index


@lru_cache(maxsize=1_024)  # what chips and starters offer is asked again and again
def plain(index: Index, question: str, mode: str) -> Reply:
    """The reply to a question that brings nothing along: the same one each time."""
    return answer(index, question, mode)


def mode_of(ask: Ask) -> str:
    """How the reply helps; an interview is led by somebody else, and explained here."""
    return "hint" if ask.mode == "hint" else "explain"


def parts(reply: Reply) -> Iterator[Part]:
    """The reply as messages: paragraph by paragraph, so that the short answer comes first."""
    for n, paragraph in enumerate(reply.text.split("\n\n")):
        if paragraph:
            yield Delta(f"\n\n{paragraph}" if n else paragraph)
    for each in reply.citations:
        yield Citation(each.n, each.id, each.title, each.url)
    if reply.kind != "answer":
        yield Refused(reply.reason, tuple(reply.suggestions))
    yield Done(Usage("course"), tuple(reply.followups))
