"""Scenarios with what is no payment: no event, no signature, no end, another method."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from labs.exercises.m11_receive.delivery import LIMIT, Delivery, payment, poison
from labs.exercises.m11_receive.telling import Judge, scenario, statuses

OTHER = "whsec_" + b64encode(b"nobody's secret").decode()
BIG = 10 * LIMIT


async def no_event(judge: Judge) -> None:
    """Signed, and its body is no event."""
    auction, sent = judge.auction, poison(2, judge.auction.stage.rng)
    answers = await judge.bank.deliver(sent)
    judge.kept_secret(sent)
    judge.answered_in_time(sent, answers[-1])
    saw = f"{sent.id} came {len(answers)} times and was answered {statuses(answers)}"
    judge.must(answers[-1].accepted, "poison_for_ever", saw, str(answers[-1].status))
    await judge.bank.settled()
    saw = f"the worker was handed {sent.id} and could not read it as an event"
    judge.must(sent.id not in auction.unread, "poison_queued", saw, "cannot read")
    aside = auction.store.aside.get(sent.id)
    saw = f"{sent.id} was answered {answers[-1]}, and nowhere is anything left of it"
    judge.must(aside is not None, "poison_dropped", saw, str(answers[-1].status))
    saw = f"of the {len(sent.body)} bytes of {sent.id}, {len(aside or b'')} lay aside"
    judge.must(aside == sent.body, "bytes_changed", saw, "sets")


async def no_event_no_store(judge: Judge) -> None:
    """The same while the store is down."""
    auction, sent = judge.auction, poison(2, judge.auction.stage.rng)
    auction.store.down = True
    answer = await judge.bank.post(sent)
    judge.kept_secret(sent)
    saw = f"the store was down, and {sent.id}, no event, was answered {answer}"
    judge.must(answer.failed, "says_yes_anyway", saw, str(answer.status))


async def nobody_we_know(judge: Judge) -> None:
    """Six calls that no secret of ours has signed, or not now, or not with this body."""
    rng = judge.auction.stage.rng
    good, bad = payment(3, rng), poison(4, rng)
    calls = {
        "signed with another secret": replace(good, secret=OTHER),
        "whose body was changed on the way": replace(good, swapped=good.body.replace(b"10", b"99")),
        "signed ten minutes ago": replace(good, age=600),
        "with no signature": replace(good, unsigned=True),
        "no event and signed with another secret": replace(bad, secret=OTHER),
        "no event and with no signature": replace(bad, unsigned=True),
    }
    for what, sent in calls.items():
        answer = await judge.bank.post(sent)
        judge.kept_secret(sent)
        judge.answered_in_time(sent, answer)
        judge.untouched(sent, what)
        saw = f"{sent.id}, {what}, was answered {answer}"
        judge.must(answer.status == 401, "wrong_refusal", saw, str(answer.status))


async def no_end(judge: Judge) -> None:
    """Ten times what is allowed, without a length and with one."""
    rng = judge.auction.stage.rng
    for chunked, says in ((True, "no header said how long"), (False, "its length was given")):
        sent = payment(5, rng, BIG, chunked=chunked, pieces=40, secret=OTHER)
        await _refused(judge, sent, f"{BIG:,} bytes ({says})")


async def at_the_limit(judge: Judge) -> None:
    """Exactly as long as is allowed; then one byte more, signed like the first."""
    rng = judge.auction.stage.rng
    sent = payment(6, rng, LIMIT, chunked=False, pieces=7)
    answer = await judge.bank.post(sent)
    judge.kept_secret(sent)
    saw = f"{sent.id}, {LIMIT:,} bytes long, was answered {answer}"
    judge.must(answer.status != 413, "limit_off", saw, "413")
    judge.welcome(sent, answer, f"{LIMIT:,} bytes long")
    await judge.bank.settled()
    judge.worked_on(sent, "good_refused", "30 s later")
    more = payment(7, rng, LIMIT + 1, chunked=False, pieces=7)
    answer = await judge.bank.post(more)
    saw = f"{more.id}, {LIMIT + 1:,} bytes long, was answered {answer}"
    judge.must(not answer.accepted, "limit_off", saw, str(answer.status))
    judge.must(answer.status == 413, "wrong_refusal", saw, str(answer.status))


async def another_method(judge: Judge) -> None:
    """The same bytes and fields, with PUT."""
    sent = payment(8, judge.auction.stage.rng, method="PUT")
    answer = await judge.bank.post(sent)
    judge.kept_secret(sent)
    judge.answered_in_time(sent, answer)
    saw = f"{sent.id} came by PUT and was answered {answer}"
    judge.must(answer.status == 405, "method_ignored", saw, str(answer.status))


async def _refused(judge: Judge, sent: Delivery, what: str) -> None:
    answer = await judge.bank.post(sent)
    judge.kept_secret(sent)
    judge.stopped_reading(what)
    judge.answered_in_time(sent, answer)
    saw = f"{sent.id}, {what}, was answered {answer}"
    judge.must(answer.status == 413, "wrong_refusal", saw, str(answer.status))


SCENARIOS = (
    scenario(
        "Signed, and no event",
        "The bank delivered something that it had signed and that no program can read as an "
        "event. Where it was refused, the bank came again, three times at most.",
        no_event,
    ),
    scenario(
        "No event, no store",
        "The store was down, and the bank delivered something that no program can read as an "
        "event.",
        no_event_no_store,
    ),
    scenario(
        "Nobody we know",
        "Six calls came, one after the other: with another secret, another body, an old "
        "signature, none; and two of them with a body that is no event.",
        nobody_we_know,
    ),
    scenario(
        "A body without end",
        "A stranger sent ten times the bytes that are allowed, once without saying how many it "
        "would be, once with a `content-length`.",
        no_end,
    ),
    scenario(
        "At the limit",
        "The bank delivered a payment whose body was as long as is allowed, and then one whose "
        "body had one byte more.",
        at_the_limit,
    ),
    scenario(
        "Another method",
        "The bank's call came by PUT, with everything else as it should be.",
        another_method,
    ),
)
