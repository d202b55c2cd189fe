"""The first deliveries of a storm: is somebody there, what does he take, and how fast is he?"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from course.fieldtest.answer import Answer
from course.fieldtest.catalogue import VALID
from course.fieldtest.effects import Counts
from course.fieldtest.senders import MANNERS, Event
from course.fieldtest.stage import Stage
from course.refusal import Refusal

UNCLEAR = 3
PATIENCE = 15.0  # seconds for the first answer
BEYOND = 3.0  # seconds that storm listens on after the sender's deadline
SLOW = 1.0  # seconds: a third of the shortest deadline that a sender publishes
ENOUGH_WAITED = 6.0  # seconds
SETTLE = 3.0  # seconds until the first effect


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first deliveries have shown."""

    before: Counts
    seconds: float = 0.0  # for an answer, with nothing else going on
    worked_first: bool = False  # the effect was there when the answer came, or before it
    takes_effect: bool = False
    goes_on: bool = True  # there is somebody to storm


async def opening(stage: Stage) -> Opening:
    """Find out which type and manner are taken. Raises Refusal where nobody is there."""
    before = await stage.counts()
    stage.type = stage.sender.shape["types"][0]
    first = stage.event()
    answer, worked = await _timed(stage, first, "a valid delivery")
    if answer.trouble == "refused":
        raise Refusal(f"Nobody answers at {stage.target.url}: is the receiver running?", UNCLEAR)
    if answer.status is None:
        return Opening(before, answer.seconds, worked, goes_on=False)
    if not answer.accepted and not await _finds_a_way(stage, first):
        return Opening(before, answer.seconds, worked, goes_on=False)
    timed = [(answer.seconds, worked)] if answer.accepted else []
    while len(timed) < 3 and stage.tape.now < ENOUGH_WAITED:
        event = stage.event()
        answer, worked = await _timed(stage, event, "a valid delivery")
        timed.append((answer.seconds, worked))
        if not answer.accepted:
            await stage.until_kept(VALID, event, "the same event again")
    seconds, worked = min(timed, default=(0.0, False))
    return Opening(before, seconds, worked, await _takes_effect(stage))


async def _timed(stage: Stage, event: Event, says: str) -> tuple[Answer, bool]:
    """The answer, and whether the effect was there no later than it."""
    patience = min((stage.sender.deadline or PATIENCE) + BEYOND, PATIENCE)
    answer = await stage.deliver(VALID, event, says, patience=patience)
    slow = answer.seconds >= SLOW and answer.trouble in ("", "silent")
    return answer, slow and (await stage.counts()).get(event.id, 0) > 0


async def _finds_a_way(stage: Stage, first: Event) -> bool:
    """Whether some type or manner is taken: tries again, then other manners, then other types."""
    if (await stage.until_kept(VALID, first, "the same event again")).accepted:
        return True
    if stage.sender.signs and not stage.sender.form:
        for manner in MANNERS[1:]:
            sender, event = stage.sender.writing(manner), stage.event()
            post = sender.post(event, time.time())
            if (await stage.deliver(VALID, event, f"the JSON {manner}", post)).accepted:
                stage.sender = sender
                return True
    for name in stage.sender.shape["types"][1:]:
        if (await stage.deliver(VALID, stage.event(name), f"of type {name}")).accepted:
            stage.type = name
            return True
    return False


async def _takes_effect(stage: Stage) -> bool:
    """Whether an accepted event takes effect; looks for a type that does."""
    if stage.effects is None:
        return False
    if await _seen(stage):
        return True
    for name in stage.sender.shape["types"]:
        if name != stage.type:
            await stage.deliver(VALID, stage.event(name), f"of type {name}")
    if not (found := await _seen(stage)):
        return False
    stage.type = found
    return True


async def _seen(stage: Stage) -> str:
    """The type of an event that took effect, within SETTLE."""
    accepted = stage.accepted(VALID)
    for _ in range(int(SETTLE / 0.1)):
        counts = await stage.counts()
        if found := next((each.type for each in accepted if counts.get(each.id)), ""):
            return found
        await asyncio.sleep(0.1)
    return ""
