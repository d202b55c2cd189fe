"""How a scenario of this exercise ends: with the first thing that must not be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from labs.exercises.m14_inbox.auction import Auction
from labs.exercises.m14_inbox.event import Event
from labs.exercises.m14_inbox.process import Answer
from labs.exercises.scenario import Scenario, Stage
from labs.exercises.verdict import Finding
from labs.journal import Note
from labs.messages import Message, timeline
from labs.outcome import Run

OK = 200
CHARGE = "POST /charges"  # how a call of the gateway is named in the picture


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, and what shows it in the picture: how a message begins, or whose note it is."""

    finding: Finding
    event: str


class Broken(Exception):
    """The contract is broken; the scenario ends here."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.finding.saw)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Judge:
    """Says what must hold in one scenario."""

    place: Auction

    def must(self, holds: bool, bug: str, saw: str, event: str = "200") -> None:
        """Raises Broken where it does not hold; `event` shows it: see Seen."""
        if not holds:
            saw = saw if saw.startswith(("evt_", "`")) else saw[0].upper() + saw[1:]
            time = round(self.place.clock.time(), 3) if self.place.wired else None
            raise Broken(Seen(Finding(bug, saw, None, time), event))

    def stands(self, event: Event, bug: str, when: str, at: str = "200") -> None:
        """The event's bidder was charged, and has the amount, once."""
        charged, booked = self.place.gateway.charges(event), self.place.balance(event)
        amount, bidder = event.data["amount"], event.data["bidder"]
        saw = f"{when} the gateway had charged {event.id} {often(charged)}"
        self.must(charged == 1, bug, saw, CHARGE if charged > 1 else at)
        saw = f"{when} {bidder} had paid {amount}, and the balance was {booked}"
        self.must(booked == amount, bug, saw, at)

    def answered(self, answer: Answer, bug: str, what: str) -> None:
        """The answer is 200."""
        self.must(answer.status == OK, bug, f"{what} was answered {answer}", str(answer.status))


def scenario(
    name: str, did: str, program: Callable[[Stage], Awaitable[Any]], **more: Any
) -> Scenario:
    """A scenario whose program raises Broken, told with the number of the event that shows it."""

    async def play(stage: Stage) -> Seen | None:
        try:
            await program(stage)
        except Broken as broken:
            return broken.seen
        return None

    return Scenario(name, did, play, look, at="bank", **{"seeds": 3, **more})


def look(run: Run) -> Finding | None:
    """The finding, with the number of the last event until then that shows it."""
    if run.result is None:
        return None
    seen: Seen = run.result
    finding, number = seen.finding, None
    for row in timeline(run.journal):
        if row.time <= (finding.time if finding.time is not None else row.time):
            match row.what:
                case Message(name=name) if name.startswith(seen.event):
                    number = row.number
                case Note(host=host) if host == seen.event:
                    number = row.number
    return replace(finding, event=number)


def often(times: int) -> str:
    """A number of times, in words."""
    return {0: "not at all", 1: "once", 2: "twice"}.get(times, f"{times} times")
