"""One turn of an interview as messages: what is remembered comes in, what is new is kept first.

A model may put a probe into words of its own, with the learner's sentence in it; what it asks
about is chosen here, and a question that gives a missing point away is not used.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from course.tutor.dialogue import said, scored
from course.tutor.dialogue.interview import Interview, after, begun, from_record, moved
from course.tutor.models.model import Model, ModelError
from course.tutor.models.plain import plain
from course.tutor.models.prompt import probe
from course.tutor.protocol import Ask, Delta, Done, Usage
from course.tutor.service.answerer import Learner, Part
from course.tutor.store.spending import Spent
from labs.lesson_schema import LessonError
from labs.studio.phrases import found
from labs.studio.prompts import prompt, prompts
from labs.studio.words import count, sentences

log = logging.getLogger(__name__)

NAME = "interview"  # under which it is remembered
COMMANDS = {
    "repeat": re.compile(r"\W*(?:please )?(?:repeat|again|say that again)\W*", re.IGNORECASE),
    "finish": re.compile(r"\W*(?:finish|stop|end|enough|i(?:'m| am) done)\W*", re.IGNORECASE),
    "another": re.compile(r"\W*(?:another|new|start|restart|next)\b.{0,60}", re.IGNORECASE),
}
MOST_DONE = 50  # interviews of which it is known which they were
LONGEST_PROBE = 45  # words
FIRST = ("How many users are there?", "How fresh must it be?", "What may be lost?")
NEXT = ("Another interview", "Interview me about a chat", "Interview me about payments")


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said now, and where the interview stands then."""

    held: Interview
    does: str  # `open`, `again`, or what `after` names
    words: str = ""  # the learner's


async def turn(ask: Ask, learner: Learner, model: Model | None) -> AsyncGenerator[Part, None]:
    """The parts of one turn. Costs a call of the model only where it words a probe."""
    remembered = await learner.recall(NAME) or {}
    done = list(remembered.get("done", ()))
    # To read a long answer takes a second at worst, and others are served meanwhile.
    now = await asyncio.to_thread(taken, standing(remembered), ask.question, done)
    if now.does == "open":
        done = [*done, now.held.prompt][-MOST_DONE:]
    # Kept before it is told: whoever stops in the middle has it all the same.
    await learner.keep(NAME, {"held": now.held.record(), "done": done})
    if now.does == "probe" and model is not None:
        async for part in worded(now.held, model, learner):
            yield part
        return
    for part in await asyncio.to_thread(lambda: list(parts(now))):
        yield part


def standing(remembered: Mapping[str, Any]) -> Interview | None:
    """The interview that is open, or None; one that this course cannot go on with is none."""
    try:
        held = from_record(remembered["held"])
        prompt(held.prompt)
        return held if held.is_open else None
    except (KeyError, TypeError, LessonError):
        return None


def taken(held: Interview | None, words: str, done: list[str]) -> Turn:
    """The turn that these words make."""
    command = next((name for name, form in COMMANDS.items() if form.fullmatch(words)), "")
    if held is None or command == "another":
        about = said.chosen(prompts(), words, done)
        return Turn(begun(about, done.count(about.id)), "open")
    if command == "repeat":
        return Turn(held, "again")
    if command == "finish":
        return Turn(moved(held, "finish"), "judge")
    return Turn(*after(held, words), words)


def parts(now: Turn) -> Iterator[Part]:
    """The turn as messages."""
    if now.does == "judge":
        yield from judged(now.held)
        return
    yield Delta(told(now))
    yield Done(followups=FIRST if now.does == "open" else ())


def told(now: Turn) -> str:
    """What the interviewer says, where it is not the rubric."""
    held = now.held
    match now.does:
        case "open":
            return said.opening(held)
        case "again":
            return said.again(held)
        case "clarify":
            return said.clarified(held.about, now.words)
        case "too short":
            return said.TOO_SHORT
        case "change":
            return said.change(held)
    return said.probe(held)


def judged(held: Interview) -> Iterator[Part]:
    """The rubric, its citations, and what could come next."""
    for number, section in enumerate(scored.report(held)):
        yield Delta(f"\n\n{section}" if number else section)
    yield from scored.citations(held, held.reviewed())
    yield Done(followups=NEXT)


async def worded(held: Interview, model: Model, learner: Learner) -> AsyncGenerator[Part, None]:
    """The probe in the model's words, or in ours where those do not fit."""
    last = held.probes[-1]
    try:
        await learner.take()
        text = await words_of(model, held)
    except (ModelError, Spent) as why:
        log.warning("a probe was not worded: %s", why)
        text = ""
    if not await asyncio.to_thread(fits, text, held):
        yield Delta(said.probe(held))
        yield Done()
        return
    asked = replace(held, probes=(*held.probes[:-1], replace(last, ask=plain(text))))
    yield Delta(said.probe(asked))
    yield Done(Usage("model", model.name))


async def words_of(model: Model, held: Interview) -> str:
    """What the model makes of the probe, or of as much of it as is read. Raises ModelError."""
    answer = "\n".join(held.texts.values())
    asked = probe(f"{held.about.title}: {held.about.content['brief']}", held.probes[-1].ask, answer)
    text = ""
    async with aclosing(model.stream(asked)) as pieces:
        async for piece in pieces:
            text += piece
            if len(text) > 10 * LONGEST_PROBE:
                break
    return text.strip()


def fits(text: str, held: Interview) -> bool:
    """Is it one question of the length that was asked for, which tells no missing point?"""
    if not text.endswith("?") or "\n" in text or count(text) > LONGEST_PROBE:
        return False
    seen = held.reviewed()
    missing = [point for point in held.about.points if seen.points[point.id] is None]
    ours = sentences(held.probes[-1].ask)
    told = [phrase for point in missing for phrase in point.heard]
    return not any(
        found(phrase, one) and not any(found(phrase, other) for other in ours)
        for phrase in told
        for one in sentences(text)
    )
