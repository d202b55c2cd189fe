"""Scenarios about what an event is called: the same one again, and others that look like it."""

from __future__ import annotations

import asyncio

from labs.exercises.m14_inbox.auction import auction
from labs.exercises.m14_inbox.event import payment
from labs.exercises.m14_inbox.telling import CHARGE, OK, Judge, scenario
from labs.exercises.scenario import Stage

HOUR = 3_600.0
DAYS = 400_000.0  # seconds that the longest of them may take


async def again(stage: Stage) -> None:
    """The same bytes twice, and once more after a restart."""
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80)
        judge.answered(await place.repost(event), "not_done", f"the first delivery of {event.id}")
        hidden = place.inboxes[80].db.in_transaction and place.balance(event) == 0
        saw = "it answered 200, and another connection to the file saw no booking"
        judge.must(not hidden, "not_committed", saw)
        judge.stands(event, "not_done", "after the first 200")
        await asyncio.sleep(10)
        answer = await place.repost(event)
        judge.stands(event, "not_remembered", "after the second delivery")
        judge.answered(answer, "duplicate_refused", f"the second delivery of {event.id}")
        await place.restart()
        answer = await place.repost(event)
        judge.stands(event, "not_remembered", "after a restart and a third delivery")
        judge.answered(answer, "duplicate_refused", f"the third delivery of {event.id}")


async def same_bytes(stage: Stage) -> None:
    """Two payments with the same bytes; then the first again, with a new timestamp."""
    each = stage.rng.randrange(20, 400)
    first, second = (payment(number, each, bidder="bidder 7") for number in (1, 2))
    with auction(stage, first) as place:
        judge = Judge(place)
        await place.open(80)
        await place.post(first)
        await asyncio.sleep(5)
        await place.post(second)
        calls = place.gateway.of(second)
        saw = f"{second.id} was answered 200, and nobody asked the gateway to charge it"
        judge.must(bool(calls), "keyed_on_body", saw)
        saw = f"{second.id} was charged under the key {calls[0].key!r}, as {first.id} had been"
        judge.must(calls[0].charged, "key_shared", f"{saw}: no money moved", CHARGE)
        await asyncio.sleep(5)
        await place.post(first)
        saw = f"{first.id} came again with a new timestamp and was charged a second time"
        judge.must(len(place.gateway.of(first)) == 1, "keyed_on_body", saw, CHARGE)
        saw = f"two payments of {each} left a balance of {place.balance(first)}"
        judge.must(place.balance(first) == 2 * each, "keyed_on_body", saw)


async def two_providers(stage: Stage) -> None:
    """Two providers use one id for two payments."""
    each = stage.rng.randrange(20, 400)
    ours = payment(1, each)
    theirs = payment(2, each + 5, provider="broker", event_id=ours.id)
    with auction(stage, ours, theirs) as place:
        judge = Judge(place)
        await place.open(80)
        await place.post(ours)
        await asyncio.sleep(5)
        answer = await place.post(theirs)
        judge.answered(answer, "ids_not_scoped", f"{theirs.id} of the other provider, a new event,")
        judge.stands(theirs, "ids_not_scoped", "after both providers had a 200,")


async def other_bytes(stage: Stage) -> None:
    """One id, and then the same id with another amount, which has as many digits."""
    each = stage.rng.randrange(120, 400)
    event, altered = payment(1, each), payment(1, each + 500)
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80)
        await place.post(event)
        await asyncio.sleep(5)
        answer = await place.post(altered)
        saw = f"{event.id} came with {each + 500} instead of {each} and was answered {answer}"
        judge.must(answer.status == 409, "other_bytes_accepted", saw, str(answer.status))
        judge.stands(event, "other_bytes_accepted", "after the altered delivery")


async def much_later(stage: Stage) -> None:
    """The same event after twenty hours, and after ninety."""
    event = payment(1, stage.rng.randrange(20, 400))
    with auction(stage, event) as place:
        judge = Judge(place)
        await place.open(80)
        await place.post(event)
        for hours, since in ((20, 20), (90, 70)):
            await asyncio.sleep(since * HOUR)
            answer = await place.post(event)
            judge.stands(event, "short_window", f"after the delivery at hour {hours}")
            saw = f"the delivery at hour {hours} was answered {answer}"
            judge.must(answer.status == OK, "short_window", saw, str(answer.status))


SCENARIOS = (
    scenario(
        "Delivered again",
        "The bank delivered one payment, and ten seconds later the same bytes again. Then the "
        "process was restarted, and they came a third time.",
        again,
    ),
    scenario(
        "Two payments that look the same",
        "One bidder paid the same amount twice: two events with two ids, and the same body. "
        "Afterwards the first of them came again, with a new timestamp.",
        same_bytes,
    ),
    scenario(
        "Two providers, one id",
        "The bank delivered a payment, and a broker delivered one of its own under the same id.",
        two_providers,
    ),
    scenario(
        "One id, other bytes",
        "A payment was delivered and done; then the same id came, and the amount was 500 more.",
        other_bytes,
    ),
    scenario(
        "Hours later",
        "A payment was delivered and done. The same event came again at hour 20 and at hour 90.",
        much_later,
        max_time=DAYS,
    ),
)
