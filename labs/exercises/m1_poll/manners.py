"""What a request carries, and how `poll` ends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from labs.exercises.m1_poll.auction import INTERVAL, Fetch, Plot, Story
from labs.exercises.m1_poll.rhythm import next_tick
from labs.exercises.m1_poll.seen import NEAR, Complaint, at, clock

AT_ONCE = 0.1  # seconds
AT_WORK = 3  # tasks: one may sleep, one wait for `stop`, one fetch


def names_what_it_has(story: Story, _: Plot) -> Iterator[Complaint]:
    """Each request carries the tag of the last 200, unchanged, and none when that had none."""
    held, earlier = "", set()
    for before, fetch in pairwise(story.fetches):
        if before.answer is not None and before.answer.status == 200:
            earlier.add(held)
            held = before.answer.headers.get("ETag", "")
        sent = _condition(fetch)
        if sent != held:
            yield _wrong_tag(before, fetch, held, sent, sent in earlier)


def _condition(fetch: Fetch) -> str:
    fields = {name.lower(): value for name, value in fetch.headers.items()}
    return fields.get("if-none-match", "")


def _wrong_tag(before: Fetch, fetch: Fetch, held: str, sent: str, old: bool) -> Complaint:
    """What is wrong with the tag that a request carries, or does not."""
    heard = f"answer {before.answer.status}" if before.answer else "failure"
    left = f"the request of {at(fetch)}"
    if not sent and before.answer and before.answer.status == 200:
        saw = f"the answer before carried ETag {held}, and {left} carries no If-None-Match"
        return Complaint("never_sends_the_tag", saw, fetch)
    if not sent:
        saw = f"before the {heard} the page held {held}; {left} carries no If-None-Match"
        return Complaint("forgets_the_tag", saw, fetch)
    if not held:
        saw = f"the last 200 had no ETag, and {left} carries If-None-Match: {sent}"
        return Complaint("tag_outlives_its_state", saw, fetch)
    saw = f"the last 200 had ETag {held}, and {left} carries If-None-Match: {sent}"
    return Complaint("old_tag" if old else "tag_altered", saw, fetch)


def ends_when_stopped(story: Story, plot: Plot) -> Iterator[Complaint]:
    """After `stop` no request leaves, and by the next tick all is over."""
    stopped = story.opened + (plot.stopped or 0)
    what = f"`stop` was set at {clock(stopped)}"
    late = [fetch for fetch in story.fetches if fetch.time > stopped - NEAR]
    last = story.fetches[-1] if story.fetches else None
    due = next_tick(story, stopped) if story.fetches else stopped + INTERVAL
    if story.ended is None:
        saw = f"{what}, the next tick was at {clock(due)}, and it never came to its end"
        yield Complaint("deaf_to_stop", saw, last)
    elif late:
        yield Complaint("asks_after_stop", f"{what}, and a request left at {at(late[0])}", late[0])
    elif story.ended > due + NEAR:
        saw = f"{what}, the next tick was at {clock(due)}, and it ended at {clock(story.ended)}"
        yield Complaint("deaf_to_stop", saw, last)
    elif story.left:
        yield Complaint("leaves_a_task", f"`poll` ended, and {_tasks(story.left)} still waited")


def leaves_nothing_behind(story: Story, _: Plot) -> Iterator[Complaint]:
    """What a tick started is over before the next one."""
    if story.tasks > AT_WORK:
        saw = f"after {len(story.fetches)} requests {_tasks(story.tasks)} still waited"
        yield Complaint("leaves_a_task", saw, story.fetches[-1])


def _tasks(number: int) -> str:
    return f"{number} task{'s' if number > 1 else ''} that it had started"


def ends_when_cancelled(story: Story, plot: Plot) -> Iterator[Complaint]:
    """A cancellation ends it at once and goes on to whoever waits for the page."""
    when = story.opened + (plot.cancelled or 0)
    last = story.fetches[-1] if story.fetches else None
    what = f"the page's task was cancelled at {clock(when)}"
    if story.ended is None or story.ended > when + AT_ONCE:
        over = "never ended" if story.ended is None else f"ended at {clock(story.ended)}"
        yield Complaint("swallows_cancellation", f"{what}, and `poll` {over}", last)
    elif not story.cancelled:
        saw = f"{what}, and `poll` ended as if nothing had happened"
        yield Complaint("swallows_cancellation", saw, last)
