"""What must not be said of an exercise: the lines of its solutions.

The lines are compared here and go nowhere else: no prompt holds them. A line that the starter or
a hint shows is no secret, nor is one that is too short to be anybody's.
"""

import re
from collections.abc import Iterable
from functools import cache

from labs.exercises.exercise import Exercise, everything

TRIVIAL = 16  # characters without spaces; shorter lines belong to nobody
COMMENT = re.compile(r"\s#\s.*$|^\s*#.*$")


def tells_a_solution(text: str) -> bool:
    """Does the text hold a line of a solution, whatever its spaces and its markup?"""
    said = tight(text)
    return len(said) >= TRIVIAL and any(line in said for line in every_secret())


@cache
def every_secret() -> frozenset[str]:
    """The telling lines of every exercise's solutions."""
    return frozenset(line for about in everything() for line in secrets(about))


def secrets(about: Exercise) -> frozenset[str]:
    """The telling lines of the exercise's right solutions, without their spaces."""
    shown = tight("\n".join((about.starter, *about.hints.values(), *_said(about))))
    lines = (line for source in about.solutions("right").values() for line in source.splitlines())
    return frozenset(line for line in telling(lines) if line not in shown)


def telling(lines: Iterable[str]) -> frozenset[str]:
    """The lines of code that are long enough to say something."""
    code = (tight(COMMENT.sub("", line)) for line in lines)
    return frozenset(line for line in code if len(line) >= TRIVIAL)


def tight(text: str) -> str:
    """The text without spaces and backticks."""
    return "".join(text.replace("`", "").split())


def _said(about: Exercise) -> Iterable[str]:
    return (f"{bug.expected} {bug.next} {bug.hint}" for bug in about.bugs.values())
