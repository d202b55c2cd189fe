"""From what was sent, answered and brought about to findings; values in, values out.

An honest receiver has choices: any 2xx, any 4xx for a forgery, 409 for a duplicate, silence about
forgeries that never take effect, a failure that the retry mends. None of them is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from course.fieldtest.answer import Answer
from course.fieldtest.play import Played
from course.fieldtest.rules import RULES
from course.fieldtest.senders import Sender
from course.fieldtest.stage import Attempt

CASES = 3  # that a finding quotes
DUPLICATE = (409, 423, 425, 429, 503)  # what a duplicate may be answered besides 2xx
TROUBLES = {"silent": "no_answer", "closed": "closes_without_answer", "garbage": "no_http"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was broken: what was sent, what was seen, what it would mean, where to learn."""

    id: str
    rule: str
    sent: str
    saw: str
    means: str
    lesson: str
    probes: tuple[str, ...] = ()
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing seen that speaks for a finding."""

    id: str
    probe: str
    sent: str
    saw: str
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """All attempts at one event, in order, and how often it took effect."""

    attempts: tuple[Attempt, ...]
    count: int | None  # None: nobody tells
    usual: bool = True  # of a type that takes effect here

    @property
    def genuine(self) -> tuple[Attempt, ...]:
        """Those that the sender could have sent."""
        return tuple(each for each in self.attempts if each.genuine)

    @property
    def probe(self) -> str:
        """The first part of the storm that it belongs to."""
        return self.attempts[0].probe

    @property
    def accepted(self) -> bool:
        """Whether a sender takes it for delivered."""
        return any(each.answer.accepted for each in self.genuine)

    @property
    def stumbled(self) -> bool:
        """Whether an attempt at it failed, or somebody forged it."""
        return any(
            not each.genuine or each.answer.status is None or each.answer.status >= 500
            for each in self.attempts
        )

    @property
    def exchanges(self) -> tuple[int, ...]:
        """Where to find it on the wire."""
        return tuple(each.answer.exchange for each in self.attempts)


@dataclass(frozen=True)
class Evidence:
    """A played storm, sorted by events."""

    played: Played
    sender: Sender
    type: str
    stories: tuple[Story, ...] = field(init=False)

    def __post_init__(self) -> None:
        by_event: dict[str, list[Attempt]] = {}
        for each in sorted(self.played.attempts, key=lambda attempt: attempt.began):
            by_event.setdefault(each.event.id, []).append(each)
        counts = self.played.counts
        told = counts is not None and self.played.opening.takes_effect
        made = (
            Story(
                tuple(attempts),
                (counts or {}).get(event, 0) if told else None,
                attempts[0].event.type == self.type,
            )
            for event, attempts in by_event.items()
        )
        object.__setattr__(self, "stories", tuple(made))

    @cached_property
    def refusal(self) -> Answer | None:
        """What a forgery is answered here."""
        forged = (
            each.answer
            for each in self.played.attempts
            if each.probe in ("other_tenant", "old_secret", "body_changed")
        )
        return next((answer for answer in forged if answer.status is not None), None)

    def of(self, *probes: str) -> list[Story]:
        """The stories of these parts."""
        return [story for story in self.stories if story.probe in probes]


def judge(evidence: Evidence) -> list[Finding]:
    """The findings, the gravest first, each once."""
    from course.fieldtest.judges import JUDGES

    signs = [sign for look in JUDGES for sign in look(evidence)]
    found = []
    for name, rule in RULES.items():
        if not (mine := [sign for sign in signs if sign.id == name]):
            continue
        found.append(
            Finding(
                name,
                rule.sentence(evidence.sender),
                _listed([sign.sent for sign in mine]),
                _listed([sign.saw for sign in mine]),
                rule.means,
                rule.address(),
                tuple(dict.fromkeys(sign.probe for sign in mine)),
                tuple(dict.fromkeys(n for sign in mine for n in sign.exchanges)),
            )
        )
    return found


def passed(evidence: Evidence, findings: Sequence[Finding]) -> list[str]:
    """The parts of the storm that were played, could be judged, and gave no finding."""
    failed = {probe for finding in findings for probe in finding.probes}
    unclear = {name for name, _ in unjudged(evidence)}
    return [name for name in evidence.played.done if name not in failed | unclear]


def unjudged(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The parts that say nothing, and why."""
    from course.fieldtest.catalogue import CATALOGUE

    ended = "time ran out" if evidence.played.opening.goes_on else "nothing genuine was accepted"
    for name in evidence.played.left:
        yield name, ended
    if evidence.played.counts is None:
        why = "only the effects tell: give --effects or --effects-command"
    elif not evidence.played.opening.takes_effect:
        why = "no event took effect at all"
    else:
        return
    for probe in CATALOGUE:
        if probe.by_effects and probe.id in evidence.played.done:
            yield probe.id, why


def _listed(texts: Sequence[str]) -> str:
    different = list(dict.fromkeys(texts))
    more = len(different) - CASES
    return "; ".join(different[:CASES]) + (f"; and {more} more" if more > 0 else "")
