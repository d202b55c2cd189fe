"""A whole storm: the opening, the catalogue, what was sent before once more, and the effects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from course.fieldtest.catalogue import CATALOGUE, Probe
from course.fieldtest.effects import Counts
from course.fieldtest.opening import Opening, opening
from course.fieldtest.stage import END, Attempt, Enough, Stage

SIDE_BY_SIDE = 10
POLL, QUIET, PATIENCE = 0.1, 0.8, 4.0  # seconds, for effects to come and to come no more


@dataclass(frozen=True, slots=True)
class Played:
    """What a storm was: everything that the judgement is made of."""

    opening: Opening
    attempts: tuple[Attempt, ...] = ()
    counts: Mapping[str, int] | None = None  # of this run's events; None: nobody tells
    counts_before_later: Mapping[str, int] = field(default_factory=dict)
    strangers: int = 0  # names that appeared among the effects and are none of storm's
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()  # of the catalogue, because time or number ran out
    seconds: float = 0.0


async def play(stage: Stage, probes: Sequence[Probe]) -> Played:
    """The storm from the first delivery to the last effect. Raises Refusal."""
    try:
        found, earlier = await _stormed(stage, probes)
        return await _with_effects(stage, found, earlier)
    finally:
        stage.wire.close()


async def _stormed(stage: Stage, probes: Sequence[Probe]) -> tuple[Played, Counts]:
    """What was played, and the effects before what was sent earlier came once more."""
    opened = await opening(stage)
    found = Played(opened, left=tuple(probe.id for probe in probes))
    earlier: Counts = {}
    if not opened.goes_on:
        await _forgery_to_compare(stage)
        return found, earlier
    together = [probe for probe in probes if not probe.alone]
    done = [*await _side_by_side(stage, stage.rng.sample(together, len(together)))]
    for probe in (probe for probe in probes if probe.alone):
        if probe.id == "later":
            earlier = await settled(stage, opened.takes_effect)
        done += await _side_by_side(stage, [probe])
    left = tuple(probe.id for probe in probes if probe.id not in done)
    return replace(found, done=tuple(done), left=left), earlier


async def _forgery_to_compare(stage: Stage) -> None:
    """Where nothing genuine is taken: is a forgery answered alike?"""
    if stage.attempts[0].answer.status is not None:
        event, secret = stage.event(), (stage.sender.other_secret(),)
        post = stage.sender.post(event, time.time(), secret)
        await stage.deliver("other_tenant", event, "a forgery", post, genuine=False)


async def _side_by_side(stage: Stage, probes: Sequence[Probe]) -> list[str]:
    """The probes that were played to their end."""
    room, done = asyncio.Semaphore(SIDE_BY_SIDE), list[str]()

    async def one(probe: Probe) -> None:
        async with room:
            await probe.play(stage, probe.id)
            done.append(probe.id)

    tasks = [asyncio.ensure_future(one(probe)) for probe in probes]
    try:
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
    for error in ended:
        if isinstance(error, BaseException) and not isinstance(error, Enough):
            raise error
    return done


async def _with_effects(stage: Stage, found: Played, earlier: Counts) -> Played:
    before = found.opening.before
    counts = await settled(stage, found.opening.takes_effect) if stage.effects else None
    ours = {each.event.id for each in stage.attempts}
    new = {name for name, count in (counts or {}).items() if count != before.get(name, 0)}
    own = {name: count for name, count in (counts or {}).items() if name in ours}
    return replace(
        found,
        attempts=tuple(stage.attempts),
        counts=None if counts is None else own,
        counts_before_later=earlier,
        strangers=len(new - ours),
        seconds=stage.tape.now,
    )


async def settled(stage: Stage, comes: bool) -> Counts:
    """The effects once nothing is missing and nothing comes any more, or patience ends.

    Where nothing `comes` of events at all, nothing is missed.
    """
    if stage.effects is None:
        return {}
    expected = {event.id for event in stage.accepted() if comes and event.type == stage.type}
    loop = asyncio.get_running_loop()
    began = changed = loop.time()
    counts = await stage.counts()
    while loop.time() - began < PATIENCE * stage.unhurried and stage.tape.now < END:
        missing = any(not counts.get(event) for event in expected)
        if not missing and loop.time() - changed >= QUIET * stage.unhurried:
            break
        await asyncio.sleep(POLL)
        now = await stage.counts()
        changed, counts = (loop.time(), now) if now != counts else (changed, counts)
    return counts


def chosen(only: Sequence[str], fits: Sequence[Probe]) -> list[Probe]:
    """The probes of the catalogue that were asked for; all that fit unless some were."""
    return [probe for probe in fits if not only or probe.id in only]


KNOWN = tuple(probe.id for probe in CATALOGUE)
