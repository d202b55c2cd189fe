"""Scenarios for a verifier: steps, each a delivery that it must return or must refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from labs.exercises.asked import fits
from labs.exercises.scenario import Scenario, Stage
from labs.exercises.verifying.door import LET_IN, RAISED, REFUSED, Delivery, Door, Knock, parted
from labs.exercises.verifying.kit import Kit

Complaint: TypeAlias = tuple[str, str, int]  # a bug, what was seen, the number of the answer


@dataclass(frozen=True, slots=True)
class Step:
    """A delivery, and the names of who gets it wrong.

    `refusing` is who refuses what is to be returned; it is "" for a stranger. `believing` is who
    lets a stranger in, `raising` who lets out another exception; "" where any exception will do.
    """

    delivery: Delivery
    refusing: str = ""
    believing: str = ""
    raising: str = "other_exception"

    def complaint(self, knock: Knock, kit: Kit) -> Complaint | None:
        """The bug that this outcome shows, or None."""
        seen = self._as_friend(knock) if self.refusing else self._as_stranger(knock, kit)
        return (*seen, knock.number) if seen else None

    def _as_friend(self, knock: Knock) -> tuple[str, str] | None:
        if knock.outcome != LET_IN:
            return self.refusing, f"{self.delivery.what} was to be returned, and {knock.says}"
        event = json.loads(self.delivery.body)
        if not isinstance(knock.value, bool) and knock.value == event:
            return None
        bug = "returns_verdict" if isinstance(knock.value, bool | None) else "wrong_event"
        return bug, f"{self.delivery.what} was to give {event}, and {knock.says}"

    def _as_stranger(self, knock: Knock, kit: Kit) -> tuple[str, str] | None:
        saw = f"{self.delivery.what} was to be refused, and {knock.says}"
        if knock.outcome == LET_IN:
            silent = knock.value is None or knock.value is False
            return "returns_verdict" if silent else self.believing, saw
        if knock.outcome == RAISED and self.raising:
            return self.raising, saw
        told = [each for each in kit.hidden(self.delivery) if each in knock.error]
        if told and knock.outcome == REFUSED:
            saw = f"{self.delivery.what} was refused in words that hold {told[0]!r}"
            return "tells_too_much", saw
        return None


Steps: TypeAlias = Callable[[Kit], Iterable[Step]]
Deliveries: TypeAlias = Callable[[Kit], Iterable[Delivery]]


def welcome(deliveries: Deliveries, refusing: str) -> Steps:
    """Each is to be returned."""
    return lambda kit: (Step(each, refusing) for each in deliveries(kit))


def strangers(deliveries: Deliveries, believing: str, raising: str = "other_exception") -> Steps:
    """Each is to be refused."""
    return lambda kit: (Step(each, "", believing, raising) for each in deliveries(kit))


def both(*parts: Steps) -> Steps:
    """One after the other."""

    def steps(kit: Kit) -> Iterator[Step]:
        for part in parts:
            yield from part(kit)

    return steps


@dataclass(frozen=True, slots=True)
class Payments:
    """Three payments that differ in how their JSON is written; all are to be returned."""

    kit: Kit
    deliveries: Deliveries

    async def __call__(self, stage: Stage) -> Complaint | None:
        """Whoever refuses all of them has another trouble than who refuses some."""
        fits(getattr(stage.given, self.kit.function), self.kit.function, [], b"", [], 0.0)
        door, kit = Door(stage, self.kit.function), self.kit.drawing(stage.rng)
        steps = [Step(each, "refuses_good") for each in self.deliveries(kit)]
        found = [step.complaint(await door.knock(step.delivery), kit) for step in steps]
        refused = [each for each in found if each]
        if len(refused) in (0, len(found)) or refused[0][0] != "refuses_good":
            return refused[0] if refused else None
        return "writes_json_anew", *refused[0][1:]


@dataclass(frozen=True, slots=True)
class Played:
    """The program of a scenario: its steps, one after the other, until one goes wrong."""

    kit: Kit
    steps: Steps

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The first complaint, or None."""
        fits(getattr(stage.given, self.kit.function), self.kit.function, [], b"", [], 0.0)
        door, kit = Door(stage, self.kit.function), self.kit.drawing(stage.rng)
        for step in self.steps(kit):
            if complaint := step.complaint(await door.knock(step.delivery), kit):
                return complaint
        return None


def scenario(kit: Kit, name: str, did: str, steps: Steps, seeds: int = 3) -> Scenario:
    """A scenario of these steps."""
    return Scenario(name, did, Played(kit, steps), parted, "bank", seeds)
