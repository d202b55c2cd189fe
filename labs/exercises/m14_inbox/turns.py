"""Scenarios about what happens at the same time: copies, processes, slow and failing charges."""

from __future__ import annotations

import asyncio

from labs.exercises.m14_inbox.auction import auction
from labs.exercises.m14_inbox.event import payment
from labs.exercises.m14_inbox.gateway import Reply
from labs.exercises.m14_inbox.telling import OK, Judge, scenario
from labs.exercises.scenario import Stage

PAST_THE_LEASE = 70.0


async def copies(stage: Stage) -> None:
    """Three copies at once, to one process."""
    await _at_once(stage, "check_then_act", 80, 80, 80)


async def processes(stage: Stage) -> None:
    """Two copies at once, to two processes."""
    await _at_once(stage, "in_process_lock", 80, 81)


async def _at_once(stage: Stage, bug: str, *ports: int) -> None:
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(*sorted(set(ports)))
        await asyncio.gather(*(place.post(event, port) for port in ports))
        judge.stands(event, bug, f"when {len(ports)} copies had been answered")
        await asyncio.sleep(PAST_THE_LEASE)
        answer = await place.post(event)
        judge.answered(answer, "never_released", "the delivery 70 s after the copies")
        judge.stands(event, bug, "after that delivery, too,")


async def meanwhile(stage: Stage) -> None:
    """Another event, to another process, while a slow charge is under way."""
    each = stage.rng.randrange(20, 400)
    slow, other = payment(1, each), payment(2, each + 5)
    with auction(stage, slow, other) as place:
        judge = Judge(place)
        await place.open(80, 81)
        place.gateway.replies = [Reply(after=20.0)]
        first = asyncio.create_task(place.post(slow))
        await asyncio.sleep(1)
        answer = await place.post(other, 81)
        what = f"{other.id}, delivered to the second process during the charge of {slow.id},"
        judge.answered(answer, "holds_the_database", what)
        waited = stage.clock.time() > 10
        judge.must(not waited, "holds_the_database", f"{what} had to wait for that charge")
        await first
        judge.stands(slow, "holds_the_database", "when both were answered")
        judge.stands(other, "holds_the_database", "when both were answered")


async def charge_fails(stage: Stage) -> None:
    """The gateway refuses once; 70 s later the event comes again."""
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80)
        place.gateway.replies = [Reply(status=503)]
        answer = await place.post(event)
        saw = f"the gateway had refused the charge, and {event.id} was answered {answer}"
        judge.must(answer.status != OK, "failed_and_200", saw)
        booked = place.balance(event)
        saw = f"the gateway had refused the charge, and the balance was {booked}"
        judge.must(booked == 0, "booked_apart", saw, str(answer.status))
        await asyncio.sleep(PAST_THE_LEASE)
        answer = await place.post(event)
        saw = "the next delivery was answered 200, and the gateway was not asked again"
        judge.must(answer.status != OK or place.gateway.charges(event) == 1, "marks_first", saw)
        judge.answered(answer, "never_released", "the delivery 70 s after the refusal")
        judge.stands(event, "marks_first", "after the second delivery")


async def copy_in_the_middle(stage: Stage) -> None:
    """A copy during a charge that takes 29 s and then fails."""
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80, 81)
        place.gateway.replies = [Reply(after=29.0, status=503)]
        first = asyncio.create_task(place.post(event))
        await asyncio.sleep(25)
        answer = await place.post(event, 81)
        done = place.gateway.charges(event) == 1
        saw = f"the copy had its 200 during the charge; the first delivery had {await first}"
        judge.must(answer.status != OK or done, "promises_early", f"{saw}, and no money moved")
        await asyncio.sleep(PAST_THE_LEASE)
        answer = await place.post(event)
        judge.answered(answer, "never_released", "the delivery 70 s after the failed charge")
        judge.stands(event, "promises_early", "after three deliveries")


async def back_from_the_dead(stage: Stage) -> None:
    """A charge whose answer takes 100 s; meanwhile a second process finishes the work."""
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80, 81)
        place.gateway.replies = [Reply(after=100.0)]
        first = asyncio.create_task(place.post(event))
        await asyncio.sleep(PAST_THE_LEASE)
        answer = await place.post(event, 81)
        judge.answered(answer, "never_released", "the delivery 70 s after the first")
        await first
        judge.stands(event, "comes_back", "after the first process had its answer, too,")


SCENARIOS = (
    scenario(
        "Another event, meanwhile",
        "The charge of one payment took 20 s. One second into it a second process on the same "
        "file was given another payment.",
        meanwhile,
    ),
    scenario(
        "Three copies at once",
        "The bank delivered three copies of one payment at the same moment.",
        copies,
    ),
    scenario(
        "Two processes",
        "Two processes serve one file. Each was given a copy of one payment, at the same moment.",
        processes,
    ),
    scenario(
        "The charge fails",
        "The gateway refused the first charge. 70 s later the bank delivered the payment again.",
        charge_fails,
    ),
)
LATER = (
    scenario(
        "A copy in the middle",
        "The gateway thought for 29 s and then refused. At second 25 a copy of the payment came "
        "to a second process.",
        copy_in_the_middle,
    ),
    scenario(
        "Back from the dead",
        "The gateway's answer took 100 s. After 70 s the payment came again, to a second process "
        "on the same file, and was charged under way; then the first had its answer.",
        back_from_the_dead,
    ),
)
