"""Scenarios with a payment that is good: whatever breaks meanwhile, it must be worked on."""

from __future__ import annotations

from labs.exercises.m11_receive.delivery import Delivery, payment
from labs.exercises.m11_receive.telling import Judge, scenario, statuses

STEPS = ("first", "second", "third")


async def once(judge: Judge) -> None:
    """One payment, in three pieces, without a length."""
    auction, event = judge.auction, payment(1, judge.auction.stage.rng)
    answer = await judge.bank.post(event)
    judge.kept_secret(event)
    judge.welcome(event, answer)
    await judge.bank.settled()
    name = event.id
    lacked = name in auction.missing
    saw = f"the worker was handed {name} and found nothing of that name in the store"
    judge.must(not (lacked and name in auction.store.bodies), "queued_first", saw, "finds no")
    nowhere = f"{name} was answered {answer}, and the store never saw it"
    stored = bool(auction.store.bodies) or name in auction.done
    judge.must(stored, "not_kept", nowhere, "200")
    queued = auction.queue.came or auction.own_work
    saw = f"{name} was answered {answer}; it lay in the store, and the queue never heard of it"
    judge.must(bool(queued), "not_queued", saw, "keeps")
    judge.worked_on(event, "not_queued", "30 s later")


async def again(judge: Judge) -> None:
    """The same event after a minute, as somebody sends it who presses a button."""
    event = payment(1, judge.auction.stage.rng)
    judge.welcome(event, await judge.bank.post(event))
    await judge.bank.settled()
    answer = await judge.bank.post(event)
    judge.kept_secret(event)
    judge.answered_in_time(event, answer)
    saw = f"the second delivery of {event.id} was answered {answer}"
    judge.must(answer.accepted, "duplicate_refused", saw, str(answer.status))


async def killed_after(judge: Judge) -> None:
    """The process ends when the bank has its answer."""
    event = payment(1, judge.auction.stage.rng)
    answer = await judge.bank.post(event)
    judge.auction.kill()
    judge.welcome(event, answer)
    await judge.bank.settled()
    judge.worked_on(event, "kept_in_memory", "30 s after the process was killed")


async def store_down(judge: Judge) -> None:
    """The store is down for the first call and up for the second."""
    auction, event = judge.auction, payment(1, judge.auction.stage.rng)
    auction.store.down = True
    answer = await judge.bank.post(event)
    judge.kept_secret(event)
    saw = f"the store was down, and {event.id} was answered {answer}"
    judge.must(answer.failed, "says_yes_anyway", saw, str(answer.status))
    auction.store.down = False
    await _comes_again(judge, event, "drops_retries", "the store was up again")


async def queue_down(judge: Judge) -> None:
    """The queue is down for the first call and up for the second."""
    auction, event = judge.auction, payment(1, judge.auction.stage.rng)
    auction.queue.down = True
    answer = await judge.bank.post(event)
    judge.kept_secret(event)
    saw = f"the queue was down, and {event.id} was answered {answer}"
    judge.must(answer.failed, "says_yes_anyway", saw, str(answer.status))
    auction.queue.down = False
    await _comes_again(judge, event, "known_is_done", "the queue was up again")


async def killed_within(judge: Judge) -> None:
    """The process dies at one of its steps; the bank comes again at once."""
    event = payment(1, judge.auction.stage.rng)
    answers = await judge.bank.deliver(event)
    judge.kept_secret(event)
    heard = f"after four calls the bank had heard: {statuses(answers)}"
    judge.must(answers[-1].accepted, "good_refused", heard, "POST")
    await judge.bank.settled()
    judge.worked_on(event, "known_is_done", "30 s after the call that followed")


async def _comes_again(judge: Judge, event: Delivery, bug: str, when: str) -> None:
    answers = await judge.bank.deliver(event, first=1)
    heard = f"{when}, and the bank had heard: {statuses(answers)}"
    judge.must(answers[-1].accepted, "good_refused", heard, "POST")
    await judge.bank.settled()
    judge.worked_on(event, bug, f"30 s after {when}")


SCENARIOS = (
    scenario(
        "One payment",
        "The bank delivered one payment, signed and in time; its body came in three pieces, and "
        "no header said how long it would be.",
        once,
    ),
    scenario(
        "Delivered again",
        "A payment was delivered and worked on. Half a minute later somebody had it sent again: "
        "the same id, the same bytes, a new signature.",
        again,
    ),
    scenario(
        "Killed after the answer",
        "The bank delivered a payment. As soon as it had its answer, the process was killed and "
        "started again.",
        killed_after,
    ),
    scenario(
        "The store is down",
        "The store could not be reached when the payment came. A moment later it could, and the "
        "bank called again, with `x-slack-retry-num: 1`.",
        store_down,
    ),
    scenario(
        "The queue is down",
        "The store worked, and the queue could not be reached when the payment came. A moment "
        "later it could, and the bank called again.",
        queue_down,
    ),
    *(
        scenario(
            f"Killed before its {step} step",
            f"The process was killed before the {step} thing that it did to store, queue or "
            "connection, and started again. The bank heard nothing and called again at once.",
            killed_within,
            dies_at=number,
            seeds=2,
        )
        for number, step in enumerate(STEPS, 1)
    ),
)
