"""From a story to a finding: the checks, each of which knows a few bugs by what they do.

A check takes the story and its plot, and gives complaints: the bug, what was seen, and the request
(or the body that was shown) at which expectation and reality part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from labs.exercises.m1_poll.auction import Fetch, Plot, Shown, Story
from labs.exercises.verdict import Finding
from labs.journal import Note, Refused
from labs.messages import Message, Row, timeline
from labs.outcome import Run

NEAR = 0.01  # seconds within which two moments are the same
ON_ITS_WAY = 0.2  # seconds from a call of `fetch` to its request on the wire


@dataclass(frozen=True, slots=True)
class Complaint:
    """A bug, and what was seen of it, where."""

    bug: str
    saw: str
    at: Fetch | Shown | None = None


Check: TypeAlias = Callable[[Story, Plot], Iterator[Complaint]]


def found(run: Run, plot: Plot, checks: tuple[Check, ...]) -> Finding | None:
    """The first complaint of the first check that has one, with its event in the picture."""
    story = run.result
    if not isinstance(story, Story):
        return None
    for check in (is_an_iterator, *checks):
        for complaint in check(story, plot):
            event = _event(timeline(run.journal), complaint.at) if complaint.at else None
            return Finding(complaint.bug, complaint.saw, event)
    return None


def _event(rows: tuple[Row, ...], at: Fetch | Shown) -> int | None:
    """The number that a request or a body has in the picture, if it got so far."""
    for row in rows:
        if row.number and 0 <= row.time - at.time < ON_ITS_WAY and _is(row.what, at):
            return row.number
    return None


def _is(what: object, at: Fetch | Shown) -> bool:
    if isinstance(at, Shown):
        return isinstance(what, Note) and what.says.startswith("shows")
    return isinstance(what, Refused) or (isinstance(what, Message) and what.kind == "request")


def is_an_iterator(story: Story, _: Plot) -> Iterator[Complaint]:
    """`poll(...)` can be iterated over."""
    if story.odd:
        yield Complaint("no_generator", f"`poll(...)` returned {story.odd}")


def asks_at_once(story: Story, _: Plot) -> Iterator[Complaint]:
    """The first request leaves when the page opens."""
    opened = f"the page opened at {clock(story.opened)}"
    if not story.fetches:
        yield Complaint("late_start", f"{opened}, and no request has left by {ending(story)}")
    elif (first := story.fetches[0]).time > story.opened + NEAR:
        yield Complaint("late_start", f"{opened}, its first request left at {at(first)}", first)


def goes_on(story: Story, plot: Plot) -> Iterator[Complaint]:
    """Nobody stopped it, so it does not end."""
    if story.ended is None or plot.stopped is not None or plot.cancelled is not None:
        return
    last, when = story.fetches[-1] if story.fetches else None, clock(story.ended)
    if story.failed is not None:
        saw = f"`fetch` raised an OSError, and it came out of `poll` at {when}"
        yield Complaint("dies_of_a_failure", saw, last)
    elif last is not None and last.answer is not None and last.answer.status == 304:
        saw = f"the answer to the request of {at(last)} was 304, and `poll` came to its end"
        yield Complaint("ends_at_304", saw, last)
    else:
        saw = f"`poll` came to its end at {when}, and nobody had stopped it"
        yield Complaint("ends_by_itself", saw, last)


def shows_each_change_once(story: Story, _: Plot) -> Iterator[Complaint]:
    """A body of a 200 is shown when it differs from the last one shown, and then at once."""
    expected = _due_bodies(story)
    for number, shown in enumerate(story.shown):
        if not isinstance(shown.body, bytes | bytearray | str):
            yield Complaint("yields_the_answer", f"`poll` yielded {shown.body!r:.60}", shown)
        elif number >= len(expected) or shown.body != expected[number].answer.body:  # type: ignore[union-attr] # due ones have one
            yield _unexpected(story, shown, expected[number:])
        elif shown.time > (expected[number].done or 0) + NEAR and number == 0:
            yield _late(expected[number], shown)
    for fetch in expected[len(story.shown) :]:
        yield _never_shown(story, fetch)


def _due_bodies(story: Story) -> list[Fetch]:
    """The requests whose answers had something new."""
    due: list[Fetch] = []
    last = None
    for fetch in story.fetches:
        if fetch.answer is not None and fetch.answer.status == 200 and fetch.answer.body != last:
            last = fetch.answer.body
            due.append(fetch)
    return due


def _late(fetch: Fetch, shown: Shown) -> Complaint:
    saw = f"the answer was there at {clock(fetch.done or 0)}, and the page showed it at {at(shown)}"
    return Complaint("shows_late", saw, shown)


def _unexpected(story: Story, shown: Shown, due: list[Fetch]) -> Complaint:
    """What is wrong with a body that was not the next one to be shown."""
    before = [each.body for each in story.shown if each.time < shown.time]
    answers = [f.answer for f in story.fetches if f.answer and (f.done or 0) <= shown.time + NEAR]
    status = answers[-1].status if answers else 0
    what = f"at {at(shown)} the page showed {shown.body!r}"
    if not shown.body or shown.body == "":
        return Complaint("shows_nothing", f"{what} when the answer was {status}", shown)
    if status not in (200, 304) and answers[-1].body == shown.body:
        saw = f"{what}, which was the body of an answer {status}"
        return Complaint("shows_the_error_page", saw, shown)
    if before and before[-1] == shown.body:
        saw = f"{what}, which it showed already; the answer was {status}"
        return Complaint("repeats_itself", saw, shown)
    if not any(answer.status == 200 and answer.body == shown.body for answer in answers):
        saw = f"{what}, and no answer 200 had that body"
        return Complaint("shows_something_else", saw, shown)
    if due:
        return _never_shown(story, due[0])
    return Complaint("repeats_itself", f"{what}, long after its answer", shown)


def _never_shown(story: Story, fetch: Fetch) -> Complaint:
    body = fetch.answer.body if fetch.answer else b""
    saw = f"the answer to the request of {at(fetch)} was 200 with {body!r}"
    if body in [each.body for each in story.shown if each.time < fetch.time]:
        saw += ", which the page had shown before the last one; it was not shown again"
        return Complaint("never_shows_it_again", saw, fetch)
    return Complaint("misses_a_change", f"{saw}, and the page never showed it", fetch)


def clock(seconds: float) -> str:
    """A moment as it stands in the picture: "11.3 s"."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"


def at(event: Fetch | Shown) -> str:
    """The moment of a request or a body."""
    return clock(event.time)


def ending(story: Story) -> str:
    """When it was over."""
    return clock(story.ended) if story.ended is not None else "the end of the run"
