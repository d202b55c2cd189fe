"""Ways through the course for people with different Mondays: lessons in order, with their minutes.

A path names lessons by id; those that are still to come are left out, and the sums follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from course.publish.pages import number_of
from labs.lessons import Lesson


@dataclass(frozen=True, slots=True)
class Leg:
    """A sitting: what it is for, which lessons, their core paths or all of them, what ends it."""

    title: str
    lessons: tuple[str, ...]
    whole: bool = False
    ends: str = ""
    more: int = 0  # minutes of what ends it


@dataclass(frozen=True, slots=True)
class Way:
    """One way through: for whom, and its legs."""

    id: str
    title: str
    says: str
    legs: tuple[Leg, ...]
    every: bool = False  # every lesson there is, in the order of the course
    one_of: bool = False  # a reader takes one of the legs


LAST = "Then all five designs of the [studio](studio/index.md)."
WAYS = (
    Way(
        "two-evenings",
        "Two evenings before an interview",
        "The core paths, read and run here, then a design against the clock.",
        (
            Leg(
                "The first evening: a client and a server",
                ("m0", "m1", "m4", "m6", "m9"),
                ends="Then design [a live auction](studio/live-auction.md) in the studio.",
                more=35,
            ),
            Leg(
                "The second evening: a server and a server",
                ("m11", "m12", "m14", "m16"),
                ends="Then design [payments that arrive by webhook](studio/payments.md), and on "
                "the way there answer [three questions](studio/questions.md) aloud.",
                more=50,
            ),
        ),
    ),
    Way(
        "monday",
        "Shipping on Monday",
        "One of four, whole, with the exercises: your own code will be asked the same.",
        (
            Leg(
                "You receive webhooks",
                ("m11", "m12", "m14"),
                whole=True,
                ends="Take the [Monday lists](reference/monday.md) and "
                "[your framework's raw body](reference/raw-body.md) along.",
            ),
            Leg(
                "You send webhooks",
                ("m13", "m15", "m12"),
                whole=True,
                ends="Look up [what receivers expect of senders](reference/senders.md).",
            ),
            Leg(
                "You hold lines open",
                ("m4", "m6", "m7", "m8", "m9", "m10"),
                whole=True,
                ends="Look up [every timer on the path](reference/timers.md).",
            ),
            Leg(
                "You only want news on a page",
                ("m1", "m2", "m3"),
                whole=True,
                ends="Or ask the [decision guide](reference/choosing.md) first.",
            ),
        ),
        one_of=True,
    ),
    Way(
        "whole",
        "The whole course",
        "Every lesson with its exercises, an evening each or two.",
        (Leg("In order", (), whole=True, ends=LAST, more=5 * 35),),
        every=True,
    ),
)  # fmt: skip


def cards(lessons: Sequence[Lesson]) -> str:
    """The ways as three cards for the home page."""
    known = {each.id: each for each in lessons}
    items = (
        f'<li><a href="paths/#{way.id}"><span class="hls-title">{escape(way.title)}</span>'
        f'<span class="hls-minutes">{_time(way, known)}</span></a>'
        f"<p>{escape(way.says)}</p></li>"
        for way in WAYS
    )
    return f'<ol class="hls-paths">{"".join(items)}</ol>\n'


def page(lessons: Sequence[Lesson]) -> str:
    """The ways in full: each leg with its lessons, their minutes, and what it ends with."""
    known = {each.id: each for each in lessons}
    return "\n\n".join(part for way in WAYS for part in _way(way, known)) + "\n"


def spoken(minutes: int) -> str:
    """90 minutes as one says them: 1 h 30 min; long times to the half hour."""
    if minutes >= 300:
        halves = round(minutes / 30)
        return f"about {halves / 2:g} hours"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(filter(None, parts))


def _way(way: Way, known: Mapping[str, Lesson]) -> Iterable[str]:
    yield f"## {way.title} {{ #{way.id} }}"
    yield f"{way.says} {_time(way, known).capitalize()}."
    for leg, found in _legs(way, known):
        if len(way.legs) > 1:
            yield f"### {leg.title} · {spoken(_of_leg(leg, found))}"
        yield "\n".join(f"1. {_line(each, leg)}" for each in found)
        if leg.ends:
            yield leg.ends


def _line(about: Lesson, leg: Leg) -> str:
    content = about.content["lesson"]
    promise = next(iter(content.get("promises", ())), "")
    link = f"[{number_of(about)} · {about.title}](lessons/{about.name}.md)"
    return f"{link}, {content['minutes' if leg.whole else 'core_minutes']} min. {promise}".strip()


def _legs(way: Way, known: Mapping[str, Lesson]) -> list[tuple[Leg, list[Lesson]]]:
    """The legs that have a lesson by now, with their lessons."""
    found = []
    for leg in way.legs:
        every = list(known) if way.every else leg.lessons
        found.append((leg, [known[each] for each in every if each in known]))
    return [(leg, lessons) for leg, lessons in found if lessons]


def _of_leg(leg: Leg, lessons: Iterable[Lesson]) -> int:
    key = "minutes" if leg.whole else "core_minutes"
    return sum(int(each.content["lesson"][key]) for each in lessons) + leg.more


def _time(way: Way, known: Mapping[str, Lesson]) -> str:
    """How long a way takes, or the shortest and the longest of its legs."""
    legs = [_of_leg(leg, found) for leg, found in _legs(way, known)]
    if way.one_of and legs:
        return f"{spoken(min(legs))} to {spoken(max(legs))}"
    return f"{spoken(sum(legs))} in all"
