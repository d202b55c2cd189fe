"""An answer written by a model, and the course's own where that does not come to anything."""

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

from course.tutor.models.held import Held
from course.tutor.models.leaks import tells_a_solution
from course.tutor.models.model import Model, ModelError, Source
from course.tutor.models.prompt import asked
from course.tutor.protocol import Ask, Citation, Delta, Done, Refused, Usage
from course.tutor.service.answerer import Allowance, Part
from course.tutor.store.spending import Spent

log = logging.getLogger(__name__)

LONGEST = 6_000  # characters that are read of an answer; the prompt asks for far less
SPENT = "The model's calls are spent for today."
UNHELD = "The model said nothing that the course's paragraphs bear out."
INSTEAD = "*{} This is quoted from the course.*\n\n"
BROKEN = "\n\n*{} What the course says itself:*\n\n"
LEARNERS = ("code", "error", "output", "wire")


@dataclass(frozen=True, slots=True)
class Draft:
    """The course's own answer, and the paragraphs that a model may answer from; maybe none."""

    parts: tuple[Part, ...]
    followups: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether it is no answer."""
        return any(isinstance(part, Refused) for part in self.parts)

    @property
    def done(self) -> Done:
        """Its end, where no model had a part in it."""
        return Done(followups=self.followups)


async def plainly(draft: Draft) -> AsyncGenerator[Part, None]:
    """The course's own answer."""
    for part in draft.parts:
        yield part
    yield draft.done


async def written(
    model: Model, ask: Ask, draft: Draft, allowance: Allowance
) -> AsyncGenerator[Part, None]:
    """The model's answer as far as the sources bear it out, else the course's own with a word why.

    To close the iterator closes the model's.
    """
    learners = " ".join(str(ask.context.get(name, "")) for name in LEARNERS)
    held = Held(draft.sources, f"{ask.question} {learners}", tells_a_solution)
    trouble = ""
    try:
        async with aclosing(let_out(model, ask, held, allowance)) as parts:
            async for part in parts:
                yield part
    except Spent:
        trouble = SPENT
    except ModelError as error:
        log.warning("the model failed: %s", error.code, exc_info=error)
        trouble = str(error)
    for part in fallback(draft, held, trouble):
        yield part
    by = Usage("model", model.name) if held.cited else Usage()
    yield Done(by, draft.followups)


async def let_out(
    model: Model, ask: Ask, held: Held, allowance: Allowance
) -> AsyncGenerator[Part, None]:
    """What the model says and may say. Raises ModelError; Spent before the model is called."""
    await allowance.take()
    prompt = asked(ask.question, ask.mode, held.sources, ask.context)
    shown: set[int] = set()
    read = 0
    async with aclosing(model.stream(prompt)) as pieces:
        async for piece in pieces:
            for part in parts(held.feed(piece), held, shown):
                yield part
            read += len(piece)
            if read > LONGEST:
                break
    for part in parts(held.end(), held, shown):
        yield part


def parts(text: str, held: Held, shown: set[int]) -> Iterator[Part]:
    """The text, and the citations that are new in it."""
    if text:
        yield Delta(text)
    for source in held.cited:
        if source.n not in shown:
            shown.add(source.n)
            yield cited(source)


def cited(source: Source) -> Citation:
    """The citation of a source."""
    return Citation(source.n, source.id, source.title, source.url)


def fallback(draft: Draft, held: Held, trouble: str) -> Iterator[Part]:
    """The course's own answer where the model's is missing or broken off."""
    if held.cited and not trouble:
        return
    known = {source.n for source in held.cited}
    if draft.refuses:
        yield from draft.parts if not known else [Delta(f"\n\n*{trouble}*")]
        return
    yield Delta((BROKEN if known else INSTEAD).format(trouble or UNHELD))
    yield from (p for p in draft.parts if not (isinstance(p, Citation) and p.n in known))
