"""The kill matrix: what each grader says to the starter, to right and to wrong solutions.

A grader is good when it says "not attempted" to the starter, "correct" to every right solution,
and to each wrong one exactly the bug that its file is named after, on each seed, and never only
because time ran out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from labs.exercises import faults
from labs.exercises.exercise import Exercise, everything
from labs.exercises.judge import judge, judged_by_seed
from labs.exercises.spot import known_repair, with_repair, wrong_program
from labs.exercises.submission import Submission
from labs.exercises.verdict import CORRECT, INCORRECT, NOT_ATTEMPTED, PARTS, Verdict

LEAST_RIGHT = 2
GENERIC = frozenset(faults.RULES)  # "stopped somewhere" is no diagnosis of a known mistake


@dataclass(frozen=True, slots=True)
class Row:
    """One solution and what the grader said: `bugs` by seed, one where all seeds agree."""

    exercise: str
    kind: str  # "starter", "right", "wrong", "repair"
    solution: str
    expected: str  # an outcome, or the bug
    found: tuple[str, ...]
    scenario: str = ""
    verdict: Verdict | None = None

    @property
    def holds(self) -> bool:
        """Did each seed say what was expected?"""
        return set(self.found) == {self.expected}

    def __str__(self) -> str:
        said = ", ".join(dict.fromkeys(self.found))
        return f"{self.exercise}: the {self.kind} solution {self.solution} is {said}"


@cache
def rows(about: Exercise) -> tuple[Row, ...]:
    """Every solution of an exercise, judged."""
    return tuple(_rows(about))


def _rows(about: Exercise) -> Iterator[Row]:
    yield _row(about, "starter", "starter", about.starter, NOT_ATTEMPTED)
    for name, source in about.solutions("right").items():
        yield _row(about, "right", name, source, CORRECT)
    for name, source in about.solutions("wrong").items():
        yield _by_seed(about, name, source)
    repaired = with_repair(wrong_program(about), known_repair(about))
    yield _row(about, "repair", "of the spot", repaired, CORRECT)


def _row(about: Exercise, kind: str, name: str, source: str, expected: str) -> Row:
    verdict = judge(about, Submission(source, f"<{kind} {name}>"))
    found = verdict.bug or verdict.verdict
    return Row(about.id, kind, name, expected, (found,), verdict.scenario, verdict)


def _by_seed(about: Exercise, name: str, source: str) -> Row:
    verdicts = judged_by_seed(about, Submission(source, f"<wrong {name}>"))
    bugs = tuple(verdict.bug or verdict.verdict for verdict in verdicts)
    first = verdicts[0]
    return Row(about.id, "wrong", name, bug_of(name), bugs, first.scenario, first)


def bug_of(solution: str) -> str:
    """The bug after which a wrong solution is named: `any_traffic__counter` has any_traffic."""
    return solution.partition("__")[0]


def troubles(about: Exercise) -> Iterator[str]:
    """One sentence for each thing that would let a learner down."""
    table = rows(about)
    for row in table:
        if not row.holds:
            why = row.verdict.text if row.verdict is not None else ""
            yield f"{row}, and must be {row.expected} on each seed\n{why}"
    if all(verdict.passed for verdict in judged_by_seed(about, Submission(about.starter))):
        yield f"{about.id}: the starter passes as it is"
    right = [row for row in table if row.kind == "right"]
    wrong = [row for row in table if row.kind == "wrong"]
    if len(right) <= LEAST_RIGHT or not any("slow" in row.solution for row in right):
        yield f"{about.id} needs two right solutions and a slow one (right/slow*.py)"
    if missing := about.bugs.keys() - {row.expected for row in wrong}:
        yield f"{about.id} has no wrong solution for: {', '.join(sorted(missing))}"
    for row in wrong:
        if row.expected in GENERIC:
            yield f"{row}: a known mistake must be caught by a check of its own"
    yield from texts(about, wrong)


def texts(about: Exercise, wrong: list[Row]) -> Iterator[str]:
    """Every failure text has its parts, and no two bugs share one."""
    said: dict[tuple[str, str], str] = {}
    for row in wrong:
        verdict = row.verdict
        if verdict is None or verdict.verdict != INCORRECT:
            continue
        for name, label in PARTS:
            if len(getattr(verdict, name).split()) < 3:
                yield f"{about.id}: the bug {verdict.bug} says too little under “{label}”"
        if not verdict.link.startswith("https://"):
            yield f"{about.id}: the bug {verdict.bug} has no link to its contract"
        pair = (verdict.expected, verdict.next)
        if (other := said.setdefault(pair, str(verdict.bug))) != verdict.bug:
            yield f"{about.id}: the bugs {other} and {verdict.bug} say the same"


def main(names: list[str]) -> int:
    """Print the kill matrix of these exercises, or of all; 0 when it is as it must be."""
    bad = 0
    for about in everything():
        if names and about.id not in names:
            continue
        for row in rows(about):
            said = ", ".join(dict.fromkeys(row.found))
            mark = "ok " if row.holds else "BAD"
            print(f"{mark} {about.id:16} {row.kind:8} {row.solution:36} {said:24} {row.scenario}")
        for sentence in troubles(about):
            bad += 1
            print(f"REFUSED {sentence}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
