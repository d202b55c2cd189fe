"""What storm does, delivery by delivery: a coroutine for each line of the catalogue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from course.fieldtest.changes import FORGERIES, Change
from course.fieldtest.line import Course
from course.fieldtest.samples import HINTS, HUGE, LARGE, ODD, UNKNOWN
from course.fieldtest.senders import MANNERS, Event
from course.fieldtest.stage import Stage

Script: TypeAlias = Callable[[Stage, str], Awaitable[None]]

TIMES = 4  # that a repeated delivery is sent
TEN = 10
MANY = 20  # different events at the same time
SKEW = 30  # seconds that honest clocks differ
CUT = Course(missing=20, leave_after=0.02)
LOST = Course(leave_after=0.05)
TRICKLE = Course(parts=12, wait=0.1)


async def twice(stage: Stage, probe: str) -> None:
    """The same again, one after the other, and once byte by byte the same."""
    event = stage.event()
    await stage.until_kept(probe, event, "a valid delivery")
    for number in range(2, TIMES):
        await stage.deliver(probe, event, f"the same event again, time {number}")
    post = stage.sender.post(event, time.time())
    await stage.deliver(probe, event, "the same event again", post)
    await stage.deliver(probe, event, "the same bytes again", post)


async def ten(stage: Stage, probe: str) -> None:
    """The same event ten at a time; each that fails is sent again."""
    event = stage.event()
    says = f"one event, {TEN} deliveries at the same time"
    await asyncio.gather(*(stage.deliver(probe, event, says) for _ in range(TEN)))
    await stage.until_kept(probe, event, "the same event after that")


async def while_first_runs(stage: Stage, probe: str) -> None:
    """A retry that overtakes its first call, whose body takes its time."""
    event = stage.event()
    slow = Course(parts=8, wait=0.08)
    first = asyncio.ensure_future(
        stage.deliver(probe, event, "a first call whose body comes slowly", course=slow)
    )
    try:
        await stage.wait(0.25)
        await stage.deliver(probe, event, "its retry, while the first call still runs")
    finally:
        await first
    await stage.until_kept(probe, event, "the same event after both")


async def started_twice(stage: Stage, probe: str) -> None:
    """A retry right behind the first call."""
    event = stage.event()
    first = asyncio.ensure_future(stage.deliver(probe, event, "a first call"))
    try:
        await stage.wait(0.01)
        await stage.deliver(probe, event, "its retry, 10 ms behind the first call")
    finally:
        await first
    await stage.until_kept(probe, event, "the same event after both")


async def answer_lost(stage: Stage, probe: str) -> None:
    """A whole delivery whose answer nobody hears, and its redelivery."""
    event = stage.event()
    await stage.deliver(probe, event, "a delivery whose answer is lost", course=LOST)
    await stage.wait(0.2)
    await stage.until_kept(probe, event, "its redelivery")


async def cut(stage: Stage, probe: str) -> None:
    """A connection that is cut inside the body, and the redelivery."""
    event = stage.event()
    await stage.deliver(probe, event, "a delivery cut off inside its body", course=CUT)
    await stage.wait(0.1)
    await stage.until_kept(probe, event, "its redelivery")


async def retry_marked(stage: Stage, probe: str) -> None:
    """A first call that never came whole, and a retry that says it is one."""
    event = stage.event()
    await stage.deliver(probe, event, "a delivery cut off inside its body", course=CUT)
    await stage.wait(0.1)
    post = stage.sender.post(event, time.time())
    for name, value in {**HINTS, **stage.sender.retry_headers()}.items():
        post = post.with_header(name, value)
    says = "its redelivery, with headers that call it a retry, such as X-Slack-Retry-Num: 1"
    await stage.until_kept(probe, event, says, post)


async def forged_first(stage: Stage, probe: str) -> None:
    """A forgery with an event's id, and then the event."""
    event, secret = stage.event(), stage.sender.other_secret()
    forged = stage.sender.post(event, time.time(), (secret,))
    await stage.deliver(probe, event, "a forgery with the id of an event", forged, genuine=False)
    await stage.until_kept(probe, event, "the genuine delivery with that id")


async def out_of_order(stage: Stage, probe: str) -> None:
    """Two events of one thing, the later first."""
    older, newer = stage.event(), stage.event()
    newer = Event(newer.id, newer.type, older.about, older.at + 1, newer.more)
    await stage.until_kept(probe, newer, "the later of two events about one thing")
    await stage.until_kept(probe, older, "the earlier one, after it")


async def unknown_type(stage: Stage, probe: str) -> None:
    """A type that the receiver has not heard of: senders add some every year."""
    await stage.until_kept(probe, stage.event(UNKNOWN), f"a valid delivery of type {UNKNOWN}")


async def manners(stage: Stage, probe: str) -> None:
    """Valid deliveries whose JSON is written as other languages write it."""
    for manner in MANNERS:
        sender, event = stage.sender.writing(manner), stage.event()
        if sender.body(event) != stage.sender.body(event):
            post = sender.post(event, time.time())
            await stage.until_kept(probe, event, f"a valid delivery, its JSON {manner}", post)


async def rotated(stage: Stage, probe: str) -> None:
    """Two signatures in one header, ours second and ours first, as while a secret is replaced."""
    for ours_first in (False, True):
        event, ours, other = stage.event(), stage.sender.secrets[0], stage.sender.other_secret()
        both = (ours, other) if ours_first else (other, ours)
        place = "first" if ours_first else "second"
        post = stage.sender.post(event, time.time(), both)
        says = f"two signatures, the one by the shared secret {place}"
        await stage.until_kept(probe, event, says, post)


async def second_secret(stage: Stage, probe: str) -> None:
    """Signed with each further secret that was given."""
    for number, secret in enumerate(stage.sender.secrets[1:], 2):
        event = stage.event()
        post = stage.sender.post(event, time.time(), (secret,))
        await stage.until_kept(probe, event, f"signed with secret number {number}", post)


async def odd(stage: Stage, probe: str) -> None:
    """Fields that nobody has announced, with odd contents."""
    event = stage.event(more=ODD)
    await stage.until_kept(probe, event, "a valid delivery with new fields and odd contents")


async def large(stage: Stage, probe: str) -> None:
    """A large event."""
    event = stage.event(more={"note": "x" * LARGE})
    await stage.until_kept(probe, event, f"a valid delivery of {LARGE // 1000} kB")


async def huge(stage: Stage, probe: str) -> None:
    """A body that nobody has to take, from nobody we know."""
    event, secret = stage.event(), (stage.sender.other_secret(),)
    post = stage.sender.post(event, time.time(), secret, b"[" * HUGE)
    says = f"{HUGE // 1_000_000} MB signed by somebody else"
    await stage.deliver(probe, event, says, post, genuine=False)


async def no_events(stage: Stage, probe: str) -> None:
    """Bodies that are no events at all, signed."""
    for body in (b"", b"null", b"[]", b'{"', b"\xff\xfe\x00"):
        event = stage.event()
        post = stage.sender.post(event, time.time(), body=body)
        await stage.deliver(probe, event, f"the signed body {body!r}", post, genuine=False)


async def trickle(stage: Stage, probe: str) -> None:
    """A delivery that comes in drops; a receiver may end it, and then hears it again."""
    event = stage.event()
    await stage.deliver(probe, event, "a delivery in drops, 1.1 s long", course=TRICKLE)
    await stage.until_kept(probe, event, "the same event at once")


async def skewed(stage: Stage, probe: str) -> None:
    """By clocks that differ by half a minute, either way."""
    for side, says in ((-SKEW, "past"), (SKEW, "future")):
        event = stage.event()
        post = stage.sender.post(event, time.time() + side)
        said = f"signed {SKEW} s in the {says}, as by a clock that differs a little"
        await stage.until_kept(probe, event, said, post)


async def aged(stage: Stage, probe: str, side: int) -> None:
    """Signed by the right secret, an hour from now in either direction."""
    tolerance = stage.sender.scheme.tolerance or 0
    event = stage.event()
    post = stage.sender.post(event, time.time() + side * (tolerance + 3300))
    when = "past" if side < 0 else "future"
    says = f"a genuine signature from {tolerance + 3300} s in the {when}"
    await stage.deliver(probe, event, says, post, genuine=False)


async def burst(stage: Stage, probe: str) -> None:
    """Different events at the same time."""
    events = [stage.event() for _ in range(MANY)]
    says = f"one of {MANY} different events at the same time"
    await asyncio.gather(*(stage.until_kept(probe, event, says) for event in events))


async def forged(stage: Stage, probe: str, change: Change, says: str) -> None:
    """A delivery that no sender has signed."""
    event = stage.event()
    post = change(stage.sender, event, time.time())
    assert post is not None  # the catalogue has asked
    await stage.deliver(probe, event, f"a delivery with {says}", post, genuine=False)


async def unparsed(stage: Stage, probe: str) -> None:
    """Forged JSON and forged nonsense, twice each: who verifies first answers both alike."""
    for turn in range(4):
        event = stage.event()
        secret = (stage.sender.other_secret(),)
        body = stage.sender.body(event)
        kind = "nonsense" if turn % 2 else "JSON"
        body = body[:-2] + b"{{" if turn % 2 else body
        post = stage.sender.post(event, time.time(), secret, body)
        await stage.deliver(probe, event, f"forged {kind}", post, genuine=False)


async def later(stage: Stage, probe: str) -> None:
    """Events that were accepted long ago again, all at once but each only once, and once more."""
    events = stage.accepted("burst")[:TEN] or stage.accepted()[:TEN]
    for turn in ("later", "later still"):
        says = f"an event that was accepted before, {turn}"
        await asyncio.gather(*(stage.until_kept(probe, event, says, late=True) for event in events))


forgeries: dict[str, Script] = {
    name: partial(forged, change=change, says=says) for name, (change, says) in FORGERIES.items()
}
