"""The watch: asked by the store and by the client before anything happens, it knows the contract.

The first thing that it sees ends the scenario; `look` finds its event in the journal.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from labs.exercises.crash import Process
from labs.exercises.m13_dispatcher.shelf import Row, Shelf
from labs.exercises.scenario import Stage
from labs.exercises.verdict import Finding
from labs.outcome import Run
from labs.webhook.delivery import DEAD_LETTER, DELIVERED, WAITING
from labs.webhook.schedules import STANDARD_WEBHOOKS

LANE, KEPT, ENOUGH = 5, 1_000, 65_536
LAST = len(STANDARD_WEBHOOKS.delays)
SOON = 1.5  # "within a second", and what connecting takes
SETTLES = 0.1  # until a POST that was just begun can be seen on the wire


@dataclass(frozen=True, slots=True)
class Sighting:
    """A bug that showed itself, and the delivery in whose POST it can be seen."""

    bug: str
    saw: str
    time: float
    event_id: str = ""

    def finding(self, run: Run) -> Finding:
        """The same with the number of the POST that it is about: the last one until then."""
        posts = [
            message
            for message in run.messages
            if message.name.startswith("POST") and self.event_id.encode() in message.data
        ]
        about = [post.number for post in posts if post.time <= self.time + SETTLES]
        number = about[-1] if about and self.event_id else None
        return Finding(self.bug, self.saw, number, round(self.time, 3))


def look(run: Run) -> Finding | None:
    """What a scenario's program came back with."""
    return run.result.finding(run) if isinstance(run.result, Sighting) else None


@dataclass(slots=True)
class Post:
    """One attempt on the wire; `status` is None until an answer is heard."""

    process: Process
    event_id: str
    endpoint: str
    sent: float
    stored: bool  # was the event in the store when it left?
    leased: bool  # and did its process hold the lease?
    status: int | None = None
    ended: float | None = None


@dataclass(slots=True)
class Watch:
    """What is seen of the workers on one shelf."""

    stage: Stage
    shelf: Shelf = field(default_factory=Shelf)
    posts: list[Post] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # ids of the events there are
    workers: int = 0
    first: Sighting | None = None
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def now(self) -> float:
        """Virtual seconds."""
        return round(float(self.stage.world.now), 3)

    def see(self, bug: str, saw: str, event_id: str = "") -> None:
        """Keep the first thing that is seen."""
        if self.first is None:
            self.first = Sighting(bug, f"At {self.now:g} s {saw}", self.now, event_id)
            self.seen.set()

    async def until(self, time: float) -> Sighting | None:
        """Wait until that second, or until something is seen; what was seen."""
        try:
            async with asyncio.timeout(max(0.0, time - self.stage.world.now)):
                await self.seen.wait()
        except TimeoutError:
            return None
        await asyncio.sleep(SETTLES)
        return self.first

    def leased(self, process: Process, row: Row) -> None:
        """A lease must outlast what it was taken for."""
        old, name = row.lease, row.event.id
        if old is None or old.holder.dead or old.until > self.now:
            return
        sent = [p for p in self.posts if p.event_id == name and p.process is old.holder]
        if not sent or sent[-1].sent < row.leased_at:
            self.see(
                "lease_too_short",
                f"{name} was leased again: its lease of {row.leased_at:g} s ended at "
                f"{old.until:g} s, and nothing had been sent under it.",
            )
        elif sent[-1].ended is None or sent[-1].ended > old.until:
            self.see(
                "lease_too_short",
                f"{name} was leased again: its lease ended at {old.until:g} s, and then the POST "
                f"of {sent[-1].sent:g} s was still without an answer.",
                name,
            )

    def sends(self, process: Process, url: str, event_id: str, timestamp: Any, body: bytes) -> Post:
        """An attempt leaves."""
        row = self.shelf.rows.get(str(event_id))
        holds = row is not None and row.lease is not None and row.lease.holder is process
        post = Post(process, str(event_id), str(url), self.now, row is not None, holds)
        if row is not None:
            self._judge(post, row)
            if body != row.event.body:
                says = f"{event_id} left with the body {body!r}; its own is {row.event.body!r}."
                self.see("other_body", says, post.event_id)
        elif post.event_id not in self.known:
            self._judge_stranger(post)
        if not _is_near(timestamp, self.now):
            says = f"an attempt left that said it was the time {timestamp!r}."
            self.see("frozen_time", says, post.event_id)
        self.posts.append(post)
        return post

    def _judge_stranger(self, post: Post) -> None:
        known = ", ".join(sorted(self.known))
        says = f"a POST left with webhook-id {post.event_id!r}; the events there are: {known}."
        self.see("new_id", says, post.event_id)

    def _judge(self, post: Post, row: Row) -> None:
        name, before = post.event_id, [p for p in self.posts if p.event_id == post.event_id]
        under_way = [p for p in before if p.ended is None and not p.process.dead]
        lane = [p for p in self.posts if p.endpoint == post.endpoint and p.ended is None]
        if post.endpoint != row.event.endpoint:
            says = f"{name} left for {post.endpoint}; its endpoint is {row.event.endpoint}."
            self.see("follows_redirects", says, name)
        elif under_way and not (post.leased and under_way[0].leased):
            says = f"{name} left, while a POST of it from {under_way[0].sent:g} s was under way."
            self.see("no_lease", says, name)
        elif self.workers == 1 and any(p.stored and well(p.status) for p in before):
            self.see("sent_again", f"{name} left again, after an answer 2xx to it.", name)
        elif row.due_at > self.now + 0.001:
            says = f"{name} left, although it was marked to wait until {row.due_at:g} s."
            self.see("off_schedule", says, name)
        elif self.shelf.ahead(name):
            key = row.event.key
            says = f"{name} left, while an earlier delivery with its key, {key!r}, was unfinished."
            self.see("overtakes", says, name)
        elif len([p for p in lane if p.process is post.process]) >= LANE:
            says = f"{name} left, and {LANE} POSTs to its endpoint were still without an answer."
            self.see("no_bound", says, name)

    def hears(self, post: Post, status: int | None) -> None:
        """An attempt ended."""
        post.status, post.ended = status, self.now

    def reads(self, event_id: str, size: int, whole: int) -> None:
        """A body is read."""
        if size > ENOUGH:
            says = f"the answer to {event_id} had {whole:,} bytes, and {size:,} were asked for."
            self.see("keeps_whole_reply", says, event_id)

    def marked(self, process: Process, row: Row, state: str, answer: bytes) -> None:
        """A mark is written."""
        name = row.event.id
        mine = [
            p
            for p in self.posts
            if p.event_id == name and p.process is process and p.sent >= row.leased_at
        ]
        status = mine[-1].status if mine else None
        good = well(status)
        if len(answer) > KEPT:
            says = f"{len(answer):,} bytes of the answer to {name} were kept."
            self.see("keeps_whole_reply", says, name)
        elif state == WAITING and row.attempt >= LAST:
            says = f"{name} was marked WAITING, after its attempt {row.attempt} had failed."
            self.see("never_gives_up", says, name)
        elif state == DEAD_LETTER and row.attempt < LAST and not good and status != 410:
            says = f"{name} was marked DEAD LETTER, after attempt {row.attempt} and {said(status)}."
            self.see("gives_up_early", says, name)
        elif state == DELIVERED and mine and mine[-1].ended is not None and not good:
            says = f"{name} was marked DELIVERED, after {said(status)}."
            self.see("failure_is_success", says, name)
        elif state != DELIVERED and good and mine[-1].ended is not None:
            says = f"{name} was marked {state}, after an answer {status}."
            self.see("only_200", says, name)


def well(status: int | None) -> bool:
    """Was it an acceptance?"""
    return status is not None and status // 100 == 2


def said(status: int | None) -> str:
    """What an attempt came to, in words."""
    return f"an answer {status}" if status is not None else "no answer"


def _is_near(timestamp: Any, now: float) -> bool:
    try:
        return abs(float(timestamp) - now) <= SOON
    except (TypeError, ValueError):
        return False
