"""Scenarios that stop a process at each of its steps: for ever, or to let another one through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from tempfile import TemporaryDirectory

from labs.exercises.crash import Process
from labs.exercises.m14_inbox.auction import Auction, auction, short
from labs.exercises.m14_inbox.begun import Begun
from labs.exercises.m14_inbox.event import Event, lot, payment
from labs.exercises.m14_inbox.telling import CHARGE, OK, Broken, Judge, scenario
from labs.exercises.scenario import Stage

PAST_THE_LEASE = 70.0
ONE, TWO = "first", "second"  # the two processes, as lanes of the picture
DAYS = 400_000.0  # seconds that all tries together may take

Check = Callable[[Judge], None]


async def every_crash(stage: Stage) -> None:
    """The process dies at its first step, at its second, and so on, until it lives."""
    event = payment(1, stage.rng.randrange(20, 400))
    with TemporaryDirectory() as folder:
        for dies_at in count(1):
            try:
                died = await _dies(stage, event, dies_at, f"{folder}/{dies_at}", wired=False)
            except Broken:  # once more, to be seen and to be sure
                died = await _dies(stage, event, dies_at, f"{folder}/{dies_at} wired", wired=True)
            if not died:
                return


async def _dies(stage: Stage, event: Event, dies_at: int, file: str, *, wired: bool) -> bool:
    with auction(stage, event, file=file, wired=wired) as place:
        place.lives.append(life := Process(dies_at))
        await place.open(80)
        await place.post(event)
        if not life.dead:
            return False
        if not wired:
            await place.restart()
        await place.sleep(PAST_THE_LEASE)
        answer = await place.post(event)
        judge, step = Judge(place), f"before `{short(life.died_before)}`"
        charged, booked = place.gateway.charges(event), place.balance(event)
        saw = f"killed {step}; the next delivery called the gateway, and money moved once more"
        judge.must(charged <= 1, "charge_without_key", saw, CHARGE)
        judge.answered(answer, "never_released", f"killed {step}; the delivery 70 s later")
        saw = f"killed {step}; the next delivery was answered 200, and no money ever moved"
        judge.must(charged == 1, "marks_first", saw)
        saw = f"killed {step}; one charge of {event.data['amount']}, and a balance of {booked}"
        judge.must(booked == event.data["amount"], "booked_apart", saw)
        return True


async def between_payments(stage: Stage) -> None:
    """A second process handles a copy between any two steps of the first."""
    event = payment(1, stage.rng.randrange(20, 400))

    def check(judge: Judge) -> None:
        judge.stands(event, "check_then_act", "after both copies", at=TWO)

    await _every_turn(stage, (), event, event, check)


async def between_updates(stage: Stage) -> None:
    """A second process handles version 3 between any two steps of one that has version 2."""
    created = lot("evt_1", "created", 1, 100)
    older, newer = lot("evt_2", "updated", 2, 120), lot("evt_3", "updated", 3, 140)

    def check(judge: Judge) -> None:
        saw = f"after versions 2 and 3 the lot shows {judge.place.price()}"
        judge.must(judge.place.price() == 140, "guard_in_an_if", saw, TWO)

    await _every_turn(stage, (created,), older, newer, check)


async def _every_turn(
    stage: Stage, before: tuple[Event, ...], mine: Event, other: Event, check: Check
) -> None:
    paid = [event for event in (mine,) if event.type == "payment"]
    with TemporaryDirectory() as folder:
        for turn in count(1):
            with auction(stage, *paid, file=f"{folder}/{turn}", wired=False) as place:
                log: list[tuple[str, str]] = []
                try:
                    if not await _turn(place, before, mine, other, turn, log):
                        return
                    check(Judge(place))
                except Broken:
                    _tell(stage, log)
                    raise


def _tell(stage: Stage, log: list[tuple[str, str]]) -> None:
    for lane in (ONE, TWO):
        stage.world.host(lane)  # who is named has a lane
    for lane, statement in log:
        stage.world.note(short(statement), lane)


async def _turn(
    place: Auction,
    before: tuple[Event, ...],
    mine: Event,
    other: Event,
    turn: int,
    log: list[tuple[str, str]],
) -> bool:
    begun: list[Begun] = []
    taken = count(1)

    def first(statement: str) -> None:
        if next(taken) == turn:
            begun.append(Begun(two.answer(other)))
        log.append((ONE, statement))

    for event in before:
        await (await place.process()).answer(event)
    two = await place.process(lambda statement: log.append((TWO, statement)))
    one = await place.process(first)
    answers = [(mine, await one.answer(mine))]
    if not begun:
        return False
    answers.append((other, await begun[0]))
    for event, answer in answers:
        if answer.status != OK:
            await asyncio.sleep(PAST_THE_LEASE)
            last = await one.answer(event)
            what = f"both processes had answered {answer}, and 70 s later {event.id}"
            Judge(place).answered(last, "holds_the_database", what)
    return True


CRASHES = (
    scenario(
        "Killed at every step",
        "The process was killed before its first statement, in another run before its second, "
        "and so on; a charge is a step, too. 70 s later the bank delivered the payment again.",
        every_crash,
        max_time=DAYS,
    ),
)
TURNS = (
    scenario(
        "Between two statements",
        "Two processes, two copies of one payment. The second process handled its copy between "
        "two statements of the first; we tried every place.",
        between_payments,
        max_time=DAYS,
    ),
)
UPDATES = (
    scenario(
        "Two versions at once",
        "Two processes, two updates of one lot. The second process handled version 3 between two "
        "statements of the first, which had version 2; we tried every place.",
        between_updates,
        max_time=DAYS,
    ),
)
