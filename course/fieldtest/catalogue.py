"""The table of what storm sends: `storm --list` prints it, and a run goes through it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from course.fieldtest import scripts
from course.fieldtest.changes import FORGERIES
from course.fieldtest.scripts import Script
from course.fieldtest.senders import Event, Sender

Fits: TypeAlias = Callable[[Sender], bool]


@dataclass(frozen=True, slots=True)
class Probe:
    """One part of a storm."""

    id: str
    sends: str
    play: Script
    fits: Fits = lambda _: True
    by_effects: bool = False  # only the effects tell how it went
    alone: bool = False  # nothing else is sent meanwhile


def _has(name: str) -> Fits:
    """Whether a scheme has what this forgery changes."""
    change = FORGERIES[name][0]

    def fits(sender: Sender) -> bool:
        event = Event("evt_probe", "probe", "probe", int(time.time()))
        return change(sender, event, time.time()) is not None

    return fits


def _signs(sender: Sender) -> bool:
    return sender.signs


def _json(sender: Sender) -> bool:
    return not sender.form


def _dated(sender: Sender) -> bool:
    return sender.scheme.tolerance is not None


VALID = "valid"

CATALOGUE: tuple[Probe, ...] = (
    *(
        Probe(name, f"a delivery with {says}", scripts.forgeries[name], _has(name))
        for name, (_, says) in FORGERIES.items()
    ),
    Probe(
        "too_old",
        "a genuine signature, an hour beyond the sender's tolerance",
        partial(scripts.aged, side=-1),
        _dated,
    ),
    Probe(
        "too_new",
        "a genuine signature from an hour in the future",
        partial(scripts.aged, side=1),
        _dated,
    ),
    Probe("clock_skew", "signed by clocks that differ by 30 s, both ways", scripts.skewed, _dated),
    Probe("unparsed", "forged JSON and forged nonsense, twice each", scripts.unparsed, _json),
    Probe(
        "manners",
        "valid JSON as other languages write it: spaced, sorted, indented",
        scripts.manners,
        lambda sender: _json(sender) and _signs(sender),
    ),
    Probe(
        "rotated",
        "two signatures in one header, as while a secret is replaced",
        scripts.rotated,
        lambda sender: bool(sender.scheme.separator),
    ),
    Probe(
        "second_secret",
        "signed with each further --secret",
        scripts.second_secret,
        lambda sender: len(sender.secrets) > 1,
    ),
    Probe("odd", "new fields with odd contents: Unicode, large numbers, nesting", scripts.odd),
    Probe("large", "a valid delivery of 60 kB", scripts.large),
    Probe("huge", "2 MB, signed by somebody else", scripts.huge),
    Probe(
        "no_events",
        "signed bodies that are no events: empty, null, half a JSON, no UTF-8",
        scripts.no_events,
        _json,
    ),
    Probe(
        "unknown_type", "a type that nobody has heard of", scripts.unknown_type, lambda s: s.typed
    ),
    Probe("twice", "the same event again and again, at last byte by byte the same", scripts.twice),
    Probe("out_of_order", "two events about one thing, the later first", scripts.out_of_order),
    Probe(
        "forged_first",
        "a forgery with an event's id, then the event",
        scripts.forged_first,
        _signs,
        True,
    ),
    Probe("answer_lost", "a lost answer and the redelivery", scripts.answer_lost, by_effects=True),
    Probe(
        "cut", "a connection cut inside the body, and the redelivery", scripts.cut, by_effects=True
    ),
    Probe(
        "retry_marked",
        "a first call that never came whole, and a retry whose headers say that it is one",
        scripts.retry_marked,
        by_effects=True,
    ),
    Probe("trickle", "a delivery in drops, 1.1 s long", scripts.trickle),
    Probe(
        "while_first_runs",
        "a retry while the first call still runs",
        scripts.while_first_runs,
        by_effects=True,
    ),
    Probe(
        "right_behind",
        "a retry 10 ms behind the first call",
        scripts.started_twice,
        by_effects=True,
    ),
    Probe("ten", "one event, ten at a time", scripts.ten, by_effects=True, alone=True),
    Probe(
        "burst",
        "twenty different events at the same time",
        scripts.burst,
        by_effects=True,
        alone=True,
    ),
    Probe(
        "later",
        "events that were accepted before, again later",
        scripts.later,
        by_effects=True,
        alone=True,
    ),
)
