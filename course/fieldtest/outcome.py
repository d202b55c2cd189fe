"""What a storm has shown, ready to be told: findings, what passed, and what could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from course.fieldtest.judging import Evidence, Finding, judge, passed, unjudged
from course.fieldtest.play import Played
from course.fieldtest.stage import Stage
from labs.journal import Journal

CLEAN, FOUND, UNCLEAR = 0, 1, 3
SHOWN = ("id", "rule", "sent", "saw", "means", "lesson")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A storm's result; `unclear` says in a sentence why nothing can be said, where that is so."""

    address: str
    scheme: str
    seed: int
    when: datetime
    findings: tuple[Finding, ...]
    passed: tuple[str, ...]
    unjudged: tuple[tuple[str, str], ...]
    effects: Mapping[str, int]
    sent: int
    seconds: float
    unclear: str = ""
    journals: Mapping[str, Journal] | None = None  # finding's id -> its exchanges

    @property
    def status(self) -> int:
        """The exit status."""
        if self.findings:
            return FOUND
        return UNCLEAR if self.unclear else CLEAN

    def record(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "findings": [
                {name: value for name, value in asdict(each).items() if name in SHOWN}
                for each in self.findings
            ],
            "passed": list(self.passed),
            "effects": dict(self.effects),
            "unjudged": [{"id": name, "why": why} for name, why in self.unjudged],
            "unclear": self.unclear,
            "about": {
                "address": self.address,
                "scheme": self.scheme,
                "seed": self.seed,
                "when": self.when.isoformat(timespec="seconds"),
                "deliveries": self.sent,
                "seconds": round(self.seconds, 2),
            },
        }


def outcome(stage: Stage, played: Played, seed: int, all_of_it: bool) -> Outcome:
    """The outcome of a storm that was played."""
    evidence = Evidence(played, stage.sender, stage.type)
    findings = tuple(judge(evidence))
    unclear = _unclear(evidence, all_of_it)
    if unclear and _refused_like_forgeries(evidence):
        findings = ()
    journals = {each.id: stage.tape.journal(each.exchanges[:12]) for each in findings}
    return Outcome(
        stage.target.url,
        stage.sender.provider.name,
        seed,
        datetime.now(UTC),
        findings,
        tuple(dict.fromkeys(passed(evidence, findings))),
        tuple(unjudged(evidence)),
        played.counts or {},
        len(played.attempts),
        played.seconds,
        unclear,
        journals,
    )


def _unclear(evidence: Evidence, all_of_it: bool) -> str:
    """Why a storm without findings says nothing; "" where it does."""
    played = evidence.played
    if _refused_like_forgeries(evidence):
        return (
            "Every genuine delivery was answered as a forgery is: does the receiver know this "
            "secret, and does it expect this scheme at this address?"
        )
    if played.counts is not None and not played.opening.takes_effect and played.strangers:
        return "Effects appeared, but under other names than the events' ids."
    if played.left and all_of_it and played.opening.goes_on:
        return f"Time ran out before {len(played.left)} parts of the storm: the receiver is slow."
    return ""


def _refused_like_forgeries(evidence: Evidence) -> bool:
    if evidence.played.opening.goes_on or evidence.refusal is None:
        return False
    valid: Sequence[Any] = [each for each in evidence.played.attempts if each.probe == "valid"]
    refused = all(400 <= (each.answer.status or 0) < 500 for each in valid)
    return refused and valid[0].answer.look == evidence.refusal.look
