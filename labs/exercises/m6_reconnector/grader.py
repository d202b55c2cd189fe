"""How a reconnector is judged: by when it dials, on a server that follows a script.

The random source is the grader's: it draws near the top, so that a wait is as long as it may be,
or near 0. Only the herd gets ordinary ones, a different one for each client.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labs.exercises.m6_reconnector.client import Bidder, Keeps, Near, Watched, auction
from labs.exercises.m6_reconnector.herd import herd, in_step
from labs.exercises.m6_reconnector.seen import (
    comes_back,
    draws,
    grows,
    look,
    one_line,
    shows_once,
    starts_again,
    stops,
    waits_longer,
    wakes_up,
    within_the_formula,
)
from labs.exercises.scenario import Scenario, Stage

TOP, BOTTOM = 0.99, 0.01
RETURNING, LEAVING = (1001, 1006, 1011, 1012), (1000, 1008, 4401, 4403)


def drawn(stage: Stage) -> Watched:
    """A base and a cap."""
    return Watched(float(stage.rng.choice([0.5, 1, 2])), float(stage.rng.choice([10, 20, 30])))


async def started(stage: Stage, script: Iterable[Keeps] = (), draw: float = TOP) -> Bidder:
    """A bidder with a reconnector that runs, and an auction that follows the script."""
    await auction(stage, script)
    return Bidder(stage, drawn(stage), Near(draw))


async def down(stage: Stage) -> Watched:
    """Nobody listens, for long enough that the wait reaches the cap three times."""
    stage.world.refuse("auction")
    bidder = await started(stage)
    await bidder.start()
    return await bidder.until(_sum(bidder.watched, 9) - 0.2 * bidder.watched.cap)


def _sum(watched: Watched, waits: int) -> float:
    return sum(watched.ceiling(number) for number in range(waits)) + 0.06 * waits


async def dropped(stage: Stage) -> Watched:
    """Each connection is accepted, told a price, and ended after a third of the cap at most."""
    seconds = stage.rng.choice([0.0, 1.0, 3.0])
    await auction(stage, [Keeps(seconds, 1011, ("price",))] * 20)
    bidder = Bidder(stage, drawn(stage), Near(TOP), enough=7)
    await bidder.start()
    return await bidder.until(_sum(bidder.watched, 9) + 9 * seconds)


async def long_life(stage: Stage) -> Watched:
    """A server that is down for a while, then a line that holds for longer than the cap."""
    stage.world.refuse("auction")
    watched = drawn(stage)
    await auction(stage, [Keeps(1.5 * watched.cap, 1006)])
    bidder = Bidder(stage, watched, Near(TOP))
    await bidder.start()
    await bidder.until(_sum(watched, 7) - 0.2 * watched.cap)
    stage.world.accept("auction")
    return await bidder.until(4.2 * watched.cap)


async def returning(stage: Stage) -> Watched:
    """One end after the other that asks to come back."""
    codes = stage.rng.sample(RETURNING, len(RETURNING))
    bidder = await started(stage, [Keeps(0.5, code) for code in codes])
    await bidder.start()
    return await bidder.until(_sum(bidder.watched, 4) + 2 * bidder.watched.cap + 4)


async def leaving(stage: Stage) -> tuple[Watched, ...]:
    """For each code that asks to stay away, a bidder of its own."""
    codes = stage.rng.sample(LEAVING, len(LEAVING))
    await auction(stage, [Keeps(0.5, code) for code in codes])
    seen = []
    for _ in codes:
        bidder = Bidder(stage, drawn(stage), Near(TOP))
        await bidder.start()
        seen.append(await bidder.until(2 * bidder.watched.cap))
        if len(seen[-1].attempts) != 1:
            break
    return tuple(seen)


async def busy(stage: Stage) -> Watched:
    """An end with 1013."""
    bidder = await started(stage, [Keeps(0.5, 1013)])
    await bidder.start()
    return await bidder.until(3 * bidder.watched.cap)


async def online(stage: Stage) -> Watched:
    """In a long wait the device gets its network back, says so twice, and once more later."""
    stage.world.refuse("auction")
    bidder = await started(stage)
    watched = await bidder.start()
    await bidder.until(_sum(watched, 6) - 0.2 * watched.ceiling(5))
    stage.world.accept("auction")
    for pause in (0.01, 2.0, 3 * watched.cap):
        await bidder.online()
        watched = await bidder.until(pause)
    return watched


async def three_lines(stage: Stage) -> Watched:
    """Three connections, and a price on each."""
    script = [Keeps(1, 1012, (f"price {number}",)) for number in (1, 2)]
    bidder = await started(stage, [*script, Keeps(None, says=("price 3",))])
    await bidder.start()
    return await bidder.until(_sum(bidder.watched, 3) + 5)


async def near_zero(stage: Stage) -> Watched:
    """Nobody listens, and the random source draws near 0."""
    stage.world.refuse("auction")
    bidder = await started(stage, draw=BOTTOM)
    await bidder.start()
    return await bidder.until(0.01 * _sum(bidder.watched, 9) + 2.0)


def scenario(name: str, did: str, program: Any, look: Any, **more: Any) -> Scenario:
    """A scenario on the machine of the bidder."""
    return Scenario(name, did, program, look, at="bidder", **more)


SCENARIOS = (
    scenario(
        "a server that is down",
        "Nobody listened on auction. `rng` drew near the top, so that each wait is as long as it "
        "can be.",
        down,
        look(one_line, comes_back, within_the_formula, grows("no_growth")),
    ),
    scenario(
        "everybody at once",
        "200 clients, each with a random source of its own, lost their lines in the same instant.",
        herd,
        in_step,
        seeds=3,
    ),
    scenario(
        "a draw near zero",
        "Nobody listened on auction, and `rng` drew a hundredth of what is possible.",
        near_zero,
        look(draws),
    ),
    scenario(
        "accepted and dropped",
        "Auction accepted each connection, sent a price, and soon ended it with 1011. `rng` drew "
        "near the top.",
        dropped,
        look(one_line, comes_back, grows("reset_at_connect"), within_the_formula),
    ),
    scenario(
        "a line that held",
        "Auction was down for a while, then kept a line for longer than `cap`, then dropped it "
        "without a close frame.",
        long_life,
        look(one_line, starts_again),
    ),
    scenario(
        "ends that ask to come back",
        "Auction ended one line after the other, with 1001, 1006, 1011 and 1012 in some order.",
        returning,
        look(one_line, comes_back, within_the_formula),
    ),
    scenario(
        "ends that ask to stay away",
        "Four bidders had a line each. Auction ended them with 1000, 1008, 4401 and 4403.",
        leaving,
        look(stops),
    ),
    scenario(
        "too busy",
        "Auction ended the line with 1013: try again later.",
        busy,
        look(comes_back, waits_longer),
    ),
    scenario(
        "the network is back",
        "Auction was down. In a long wait it came back, and the device called `online()` twice in "
        "a row, as devices do, and again once the line was open.",
        online,
        look(one_line, wakes_up),
    ),
    scenario(
        "three lines, three prices",
        "Auction sent a price on each of three lines, one after the other.",
        three_lines,
        look(shows_once),
    ),
)
