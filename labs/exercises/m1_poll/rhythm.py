"""When requests may leave: on the ticks, one at a time, later when the server asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from labs.exercises.m1_poll.auction import INTERVAL, Fetch, Plot, Story
from labs.exercises.m1_poll.seen import NEAR, Complaint, at, clock


def one_at_a_time(story: Story, plot: Plot) -> Iterator[Complaint]:
    """No request leaves while another is under way, and none is given up."""
    for before, fetch in pairwise(story.fetches):
        if before.done is None or fetch.time < before.done - NEAR:
            saw = f"a request left at {at(fetch)}; the one of {at(before)} was still under way"
            yield Complaint("overlaps", saw, fetch)
    for fetch in story.fetches:
        if fetch.abandoned and fetch.done is not None and plot.cancelled is None:
            saw = f"the request of {at(fetch)} was given up at {clock(fetch.done)}, unanswered"
            yield Complaint("abandons_a_slow_answer", saw, fetch)


def keeps_the_ticks(story: Story, plot: Plot) -> Iterator[Complaint]:
    """Each request leaves at the first tick at which nothing else is under way."""
    for number, (before, fetch) in enumerate(pairwise(story.fetches)):
        free = _free(story, plot, before)
        ticks = next_tick(story, free), next_tick(story, before.done or free)
        if all(abs(fetch.time - due) > NEAR for due in ticks):  # a page may be busy beside it
            later = story.fetches[number + 2 :]
            bug = _off(story, before, fetch, free, later[0] if later else None)
            yield Complaint(bug, _spaced(before, fetch, free), fetch)
    yield from _falls_silent(story, plot)


def after_failures(story: Story, plot: Plot) -> Iterator[Complaint]:
    """A failure changes nothing: the next request leaves at the next tick."""
    for before, fetch in pairwise(story.fetches):
        if before.answer is not None or before.done is None:
            continue
        due = next_tick(story, before.done)
        saw = f"the request of {at(before)} failed, and the next one left at {at(fetch)}"
        if fetch.time < due - NEAR:
            yield Complaint("hammers", saw, fetch)
        elif fetch.time > due + NEAR:
            yield Complaint("sulks", saw, fetch)
    yield from _falls_silent(story, plot)


def waits_as_asked(story: Story, _: Plot) -> Iterator[Complaint]:
    """After 429 or 503 nothing leaves for so many seconds, and then on a tick."""
    for number, fetch in enumerate(story.fetches):
        answer = fetch.answer
        if answer is None or answer.status not in (429, 503) or fetch.done is None:
            continue
        seconds = float(answer.headers["Retry-After"])
        told = (
            f"the answer of {clock(fetch.done)} was {answer.status} with Retry-After: {seconds:g}"
        )
        later = story.fetches[number + 1 :]
        due = next_tick(story, fetch.done + seconds)
        if not later or later[0].time > due + NEAR:
            when = at(later[0]) if later else "not at all"
            saw = f"{told}; the next request left {when if not later else 'at ' + when}"
            yield Complaint("stays_away_too_long", saw, later[0] if later else fetch)
        elif later[0].time < fetch.time + seconds - NEAR:
            saw = f"{told}, and the next request left at {at(later[0])}"
            yield Complaint("ignores_retry_after", saw, later[0])
        for each in later:
            if not on_tick(story, each.time):
                saw = f"{told}; the request of {at(each)} is {_beside(story, each)} beside its tick"
                yield Complaint("leaves_the_rhythm", saw, each)


def next_tick(story: Story, time: float) -> float:
    """The first tick at or after a moment."""
    start = story.fetches[0].time
    return start + ceil((time - start) / INTERVAL - NEAR / INTERVAL) * INTERVAL


def on_tick(story: Story, time: float) -> bool:
    """Whether a moment is a tick."""
    return abs(next_tick(story, time) - time) <= NEAR


def _free(story: Story, plot: Plot, fetch: Fetch) -> float:
    """When the page can ask again: its answer is there, and what it showed is dealt with."""
    done = fetch.done if fetch.done is not None else fetch.time
    fresh = any(abs(shown.time - done) <= NEAR for shown in story.shown)
    return done + plot.dawdles * fresh


def _off(story: Story, before: Fetch, fetch: Fetch, free: float, later: Fetch | None) -> str:
    """Which bug lets a request leave beside its tick, or at a later one."""
    if abs(fetch.time - free - INTERVAL) <= NEAR:
        return "sleeps_after_work"
    if abs(fetch.time / INTERVAL - round(fetch.time / INTERVAL)) * INTERVAL <= NEAR:
        return "round_numbers"
    if abs(fetch.time - free) <= NEAR and free > before.time + INTERVAL:
        burst = later is not None and later.time < fetch.time + INTERVAL - NEAR
        return "catches_up" if burst and not on_tick(story, later.time) else "asks_between_ticks"  # type: ignore[union-attr] # burst says so
    return "misses_ticks" if on_tick(story, fetch.time) else "off_the_rhythm"


def _spaced(before: Fetch, fetch: Fetch, free: float) -> str:
    apart = f"{fetch.time - before.time:.3f}".rstrip("0").rstrip(".")
    saw = f"a request left at {at(before)} and the next at {at(fetch)}, {apart} s later"
    return f"{saw}; the page was free at {clock(free)}"


def _falls_silent(story: Story, plot: Plot) -> Iterator[Complaint]:
    """The last request has a successor before the run is over."""
    if not story.fetches or plot.stopped is not None or plot.cancelled is not None:
        return
    last, over = story.fetches[-1], story.opened + plot.length
    free = _free(story, plot, last)
    if last.done is not None and next_tick(story, free) < over - NEAR:
        saw = f"after the request of {at(last)} no other one left until {clock(over)}"
        yield Complaint("falls_silent", saw, last)


def _beside(story: Story, fetch: Fetch) -> str:
    off = fetch.time - (next_tick(story, fetch.time) - INTERVAL)
    return f"{min(off, INTERVAL - off):.1f} s"
