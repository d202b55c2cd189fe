"""How a heartbeat is judged: by what it sends and when, on lines that are well and that are not.

Each scenario opens a line between bidder and auction, lets the learner's heartbeat run on it, and
looks at the pings and closes that follow.
"""

from __future__ import annotations

import asyncio

from labs.exercises.line import End
from labs.exercises.m6_heartbeat.path import Auction, Proxy, Watched
from labs.exercises.m6_heartbeat.seen import (
    beats,
    decides,
    goes_on,
    is_cut,
    look,
    reader_waits,
    takes_offence,
)
from labs.exercises.scenario import Scenario, Stage
from labs.websocket.frames import Opcode


def answers(end: End, payload: bytes) -> None:
    """A peer that is well: a pong with the bytes of the ping."""
    end.send(Opcode.PONG, payload)


def drawn(stage: Stage) -> Watched:
    """An interval and a timeout, which is shorter."""
    interval = float(stage.rng.choice([10, 12, 15, 20, 30]))
    return Watched(interval, round(interval * stage.rng.choice([0.4, 0.5, 0.6, 0.8]), 1))


async def healthy(stage: Stage) -> Watched:
    """Four intervals on a line on which nothing goes wrong."""
    auction = Auction(stage)
    watched = await auction.watch(drawn(stage), answers)
    await asyncio.sleep(4.5 * watched.interval)
    return auction.settle(watched)


async def silence(stage: Stage) -> Watched:
    """After one pong nothing gets through any more, in either direction."""
    auction = Auction(stage)
    watched = await auction.watch(drawn(stage), answers)
    await asyncio.sleep(1.4 * watched.interval)
    stage.world.cut("auction", "bidder")
    await asyncio.sleep(2.0 * watched.interval + watched.timeout)
    return auction.settle(watched)


async def deaf(stage: Stage) -> Watched:
    """After one pong nothing gets to bidder any more, who goes on talking."""
    auction = Auction(stage)
    watched = await auction.watch(drawn(stage), answers)
    auction.talk(every=0.3 * watched.interval)
    return await _one_way(stage, auction, watched)


async def _one_way(stage: Stage, auction: Auction, watched: Watched) -> Watched:
    """Cut the path to bidder between two pings, and go on until the second has had its time."""
    await asyncio.sleep(1.4 * watched.interval)
    stage.world.cut("auction", "bidder", one_way=True)
    await asyncio.sleep(0.6 * watched.interval + watched.timeout + 1)
    return auction.settle(watched)


async def unasked(stage: Stage) -> Watched:
    """Each ping is answered, and between two of them comes a pong that nobody asked for."""
    auction = Auction(stage)
    watched = await auction.watch(drawn(stage), answers)
    for payload in (b"", b"unasked 1", b"", b"unasked 2"):
        await asyncio.sleep(watched.interval)
        auction.pong(payload)
    return auction.settle(watched)


async def stale(stage: Stage) -> Watched:
    """After one pong nothing gets to bidder any more, who repeats that pong again and again."""
    auction = Auction(stage)

    def keeping(end: End, payload: bytes) -> None:
        end.send(Opcode.PONG, payload)
        auction.repeat(payload, every=0.3 * watched.interval)

    watched = await auction.watch(drawn(stage), keeping)
    return await _one_way(stage, auction, watched)


async def slow(stage: Stage) -> Watched:
    """A line on which a pong takes most of the timeout, and bids come in meanwhile."""
    auction, watched = Auction(stage), drawn(stage)
    stage.world.link("auction", "bidder").latency = 0.45 * watched.timeout
    await auction.watch(watched, answers)
    auction.talk(every=0.3 * watched.timeout)
    await asyncio.sleep(4.5 * watched.interval)
    return auction.settle(watched)


async def through_proxy(stage: Stage) -> Watched:
    """A proxy cuts what is silent for as long as the interval is, or for less."""
    idle = float(stage.rng.choice([30, 50, 60]))
    watched = Watched(idle * stage.rng.choice([1, 1.5]), round(idle / 4), idle)
    stage.world.host("proxy").start(Proxy(stage.world, idle).serve)
    auction = Auction(stage)
    await auction.watch(watched, answers, through="proxy")
    # On its way through the proxy a ping is a little slower than the handshake was.
    stage.world.link("auction", "proxy").latency = 0.03
    await asyncio.sleep(3.2 * idle)
    return auction.settle(watched)


async def goodbye(stage: Stage) -> tuple[Watched, Watched]:
    """Bidder closes one line while the heartbeat sleeps, and another while it waits."""
    auction = Auction(stage)
    asleep = await auction.watch(drawn(stage), answers)
    await asyncio.sleep(1.5 * asleep.interval)
    auction.leave()
    await asyncio.sleep(2.2 * asleep.interval)
    asleep = auction.settle(asleep)
    waiting = await auction.watch(drawn(stage), lambda *_: auction.leave())
    await asyncio.sleep(3.2 * waiting.interval)
    return asleep, auction.settle(waiting)


BOTH_WAYS = "After one pong we cut the path in both directions, and nobody was told."
SCENARIOS = (
    Scenario(
        "a line that is well",
        "Bidder opened a line to auction and answered each ping at once, for four and a half "
        "intervals.",
        healthy,
        look(reader_waits, beats),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "silence", BOTH_WAYS, silence, look(decides("never_gives_up", "")), at="auction", seeds=20
    ),
    Scenario(
        "one direction",
        "After one pong we cut the path from auction to bidder only. Bidder, who hears nothing "
        "any more, went on bidding.",
        deaf,
        look(reader_waits, decides("any_traffic", ", while bids kept arriving")),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "pongs that nobody asked for",
        "Bidder answered each ping at once and, once in each interval, sent a pong that belongs "
        "to no ping.",
        unasked,
        look(reader_waits, takes_offence, beats),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "an old pong again",
        "After one pong we cut the path from auction to bidder only, and bidder repeated its "
        "last pong again and again.",
        stale,
        look(reader_waits, decides("any_pong", ", while an old pong kept arriving")),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "a slow line",
        "We made the line so slow that a pong took nine tenths of the timeout, while bids came in.",
        slow,
        look(reader_waits, beats),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "a proxy with a timer",
        "We put a proxy on the path that closes both sides once it has heard nothing for `idle` "
        "seconds. Bidder answered each ping at once.",
        through_proxy,
        look(is_cut),
        at="auction",
        seeds=20,
    ),
    Scenario(
        "goodbye",
        "Bidder closed one line between two pings, and another one instead of sending a pong.",
        goodbye,
        look(reader_waits, goes_on),
        at="auction",
        seeds=20,
    ),
)
