"""Scenarios about order: what happened later may arrive earlier."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from labs.exercises.m14_inbox.auction import auction
from labs.exercises.m14_inbox.event import Event, lot
from labs.exercises.m14_inbox.telling import Judge, scenario
from labs.exercises.scenario import Stage


@dataclass(frozen=True, slots=True)
class Then:
    """A delivery, the bug that it may show, and what the lot must cost afterwards, if that is said.

    A price of 0 stands for none: the lot is deleted.
    """

    event: Event
    bug: str = "not_done"
    price: int | None = None


async def older_after_newer(stage: Stage) -> None:
    """Versions 1, 3, 2."""
    await _delivered(
        stage,
        Then(lot("evt_1", "created", 1, 100), price=100),
        Then(lot("evt_3", "updated", 3, 140), price=140),
        Then(lot("evt_2", "updated", 2, 120), "older_overwrites", 140),
    )


async def update_after_deletion(stage: Stage) -> None:
    """Versions 1, 3 (a deletion), 2; and another lot, whose deletion is the first that arrives."""
    await _delivered(
        stage,
        Then(lot("evt_1", "created", 1, 100), price=100),
        Then(lot("evt_3", "deleted", 3, None), price=0),
        Then(lot("evt_2", "updated", 2, 120), "revives_deleted", 0),
        Then(lot("evt_5", "deleted", 2, None, number=8), "revives_deleted"),
        Then(lot("evt_4", "created", 1, 100, number=8), "revives_deleted", 0),
    )


async def update_before_creation(stage: Stage) -> None:
    """Versions 2, 1."""
    await _delivered(
        stage,
        Then(lot("evt_2", "updated", 2, 120), "update_dropped"),
        Then(lot("evt_1", "created", 1, 100), "update_dropped", 120),
    )


async def _delivered(stage: Stage, *steps: Then) -> None:
    with auction(stage) as place:
        judge = Judge(place)
        await place.open(80)
        for then in steps:
            data = then.event.data
            what = f"`{then.event.type}` of lot {data['lot']} with version {data['version']}"
            judge.answered(await place.post(then.event), then.bug, what)
            price = place.price(data["lot"]) or 0
            saw = f"after {what} the lot {f'costs {price}' if price else 'is not there'}"
            judge.must(then.price in (None, price), then.bug, saw)
            await asyncio.sleep(10)


SCENARIOS = (
    scenario(
        "An older update arrives later",
        "Lot 7 was created with version 1 and a price of 100, then updated by version 3 to 140. "
        "Version 2, with 120, arrived last.",
        older_after_newer,
    ),
    scenario(
        "An update arrives after the deletion",
        "Lot 7 was created (version 1) and deleted (version 3); the update of version 2 arrived "
        "last. Of lot 8 the deletion (version 2) arrived before the creation (version 1).",
        update_after_deletion,
    ),
    scenario(
        "An update arrives before the creation",
        "Of lot 7 the update to 120 (version 2) arrived first, then the creation (version 1, 100).",
        update_before_creation,
    ),
)
