"""How a scenario of this exercise ends: with the first thing that must not be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from labs.exercises.m11_receive.auction import Auction
from labs.exercises.m11_receive.bank import Answer, Bank
from labs.exercises.m11_receive.delivery import LIMIT, PIECE, SECRET, Delivery
from labs.exercises.scenario import Scenario, Stage
from labs.exercises.verdict import Finding
from labs.journal import Note
from labs.messages import Message, timeline
from labs.outcome import Run

SHORT = 60  # letters of a line of the log that are shown


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, and how the message or note begins that shows it in the picture."""

    finding: Finding
    at: str


class Broken(Exception):
    """The contract is broken; the scenario ends here."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.finding.saw)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Judge:
    """Says what must hold, of the auction and of what the bank heard."""

    auction: Auction
    bank: Bank

    def must(self, holds: bool, bug: str, saw: str, at: str) -> None:
        """Raises Broken where it does not hold."""
        if not holds:
            time = round(self.auction.stage.world.now, 3)
            raise Broken(Seen(Finding(bug, saw, None, time), at))

    def kept_secret(self, *deliveries: Delivery) -> None:
        """Nothing in the log is of a body or of the secret."""
        words = [SECRET, SECRET.removeprefix("whsec_"), *(each.card for each in deliveries)]
        for line in self.auction.logged:
            told = [word for word in words if word and word in line]
            what = "the secret" if told and told[0] in SECRET else "a card number of the body"
            shown = line if len(line) <= SHORT else f"{line[:SHORT]} …"
            self.must(not told, "logs_secrets", f"the log held {what}: {shown!r}", "")

    def answered_in_time(self, delivery: Delivery, answer: Answer) -> None:
        """There was an answer, and nobody worked before it."""
        if delivery.id in self.auction.own_work:
            saw = f"no answer came within 3 s: your code was working on {delivery.id}"
            self.must(answer.status is not None, "works_first", saw, "works on")
        saw = f"{delivery.id} had no answer within 3 s"
        self.must(answer.status is not None, "works_first", saw, "POST")

    def welcome(self, delivery: Delivery, answer: Answer, what: str = "a good event") -> None:
        """It was answered 2xx, in time."""
        self.answered_in_time(delivery, answer)
        refused = answer.status == 401
        saw = f"{delivery.id}, {what}, was answered {answer}"
        self.must(not refused, "turned_away", saw, "401")
        self.must(answer.accepted, "good_refused", saw, str(answer.status))

    def worked_on(self, delivery: Delivery, bug: str, when: str) -> None:
        """The worker has done it, and from the bytes that came."""
        name, auction = delivery.id, self.auction
        other = [each for each in auction.store.bodies if not each.startswith("evt_")]
        saw = f"{name} was kept under the name {other[0]!r}" if other else ""
        self.must(not other, "other_id", saw, "keeps")
        kept = auction.store.bodies.get(name)
        saw = (
            f"{when} the store held {len(kept or b'')} bytes for the {len(delivery.body)} of {name}"
        )
        self.must(kept in (None, delivery.body), "bytes_changed", saw, "keeps")
        saw = f"{when} {name} had been answered 2xx, and nobody had worked on it"
        self.must(name in auction.done, bug, saw, "20")

    def stopped_reading(self, what: str) -> None:
        """No more was read than one piece beyond the limit."""
        read = max((body.read for body in self.auction.bodies), default=0)
        saw = f"of {what} your code had read {read:,} bytes"
        self.must(read <= LIMIT + PIECE, "reads_everything", saw, "POST")

    def untouched(self, delivery: Delivery, what: str) -> None:
        """It was not kept, not queued, not set aside, and nobody works on it."""
        auction, name = self.auction, delivery.id
        places = {
            "kept": bool(auction.store.bodies),
            "set aside": bool(auction.store.aside),
            "queued": bool(auction.queue.came),
            "worked on": bool(auction.own_work),
        }
        where = " and ".join(place for place, there in places.items() if there)
        verb = {"kept": "keeps", "set aside": "sets", "queued": "queues"}.get(
            where.split(" and")[0]
        )
        self.must(not where, "keeps_forged", f"{name}, {what}, was {where}", verb or "works on")


Program = Callable[[Judge], Awaitable[Any]]


def scenario(name: str, did: str, program: Program, **more: Any) -> Scenario:
    """A scenario whose program raises Broken, told with the number of the event that shows it."""
    dies_at = more.pop("dies_at", None)

    async def play(stage: Stage) -> Seen | None:
        auction = Auction(stage, dies_at)
        await auction.open()
        try:
            await program(Judge(auction, Bank(auction)))
        except Broken as broken:
            return broken.seen
        return None

    return Scenario(name, did, play, look, at="bank", **{"seeds": 5, **more})


def look(run: Run) -> Finding | None:
    """The finding, with the last event until then that begins as it says."""
    if run.result is None:
        return None
    seen: Seen = run.result
    number = None
    for row in timeline(run.journal):
        match row.what:
            case Message(name=says) | Note(says=says) if seen.at:
                number = row.number if says.startswith(seen.at) else number
    finding = seen.finding
    return Finding(finding.bug, finding.saw, number or None, finding.time)


def statuses(answers: Sequence[Answer]) -> str:
    """What the bank heard, in order."""
    return ", ".join(map(str, answers))
