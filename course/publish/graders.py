"""The graders, graded: the kill matrix printed, held against the gate, and written as a page.

The page is kept in git, so that the site needs no run to show it; the gate refuses one that is
no longer what the graders say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from labs.exercises.exercise import Exercise, everything
from labs.exercises.matrix import Row, rows, troubles

PAGE = Path(__file__).resolve().parents[2] / "site" / "graders.md"
SAYS = {"not_attempted": "not attempted"}
HEAD = """\
---
title: The graders, graded
description: Every known mistake, the check that finds it, and what a learner then reads.
---

# The graders, graded

An exercise is worth what its grader is worth.
So each ships the mistakes that people really make, and every one of them is handed in.
The grader must name exactly that mistake, on each seed, by a check made for it and never because
time ran out.
Solutions that are right, and written differently, must pass.
The untouched starter is neither right nor wrong.

`python3 -m course author` runs all of it again.
This page is what it said last.
"""


def refused(names: Sequence[str], *, write: bool) -> list[str]:
    """Prints the kill matrix of the lessons' exercises (of all), and what is to be put right."""
    chosen = [one for one in everything() if not names or one.lesson[:2] in names]
    said = []
    for about in chosen:
        print("\n".join(table(about)))
        said += list(troubles(about))
    if write and not said and not names:
        PAGE.write_text(page(), encoding="utf-8")
    elif not names and not said and PAGE.read_text("utf-8") != page():
        said.append(f"{PAGE.name} is not what the graders say now: author --write")
    for sentence in said:
        print(f"  REFUSED {sentence}")
    return said


def table(about: Exercise) -> Iterator[str]:
    """The kill matrix of one exercise as lines of text."""
    all_rows = rows(about)
    wrong = [row for row in all_rows if row.kind == "wrong"]
    killed = sum(row.holds for row in wrong)
    yield f"{about.id}: {killed} of {len(wrong)} wrong solutions are met by name on every seed"
    for row in all_rows:
        said = ", ".join(dict.fromkeys(row.found))
        mark = "  " if row.holds else "! "
        yield f"  {mark}{row.kind:8} {row.solution:40} {SAYS.get(said, said):30} {row.scenario}"


def page() -> str:
    """The page: exercise by exercise, mistake by mistake."""
    return "\n".join([HEAD, *(line for about in everything() for line in _section(about))]) + "\n"


def _section(about: Exercise) -> Iterator[str]:
    all_rows = rows(about)
    right = sum(row.kind == "right" for row in all_rows)
    wrong = [row for row in all_rows if row.kind == "wrong"]
    yield f"## {about.title} (`{about.id}`)"
    yield ""
    yield f"{right} right solutions pass, {len(wrong)} wrong ones do not."
    yield ""
    yield "| the mistake | found while | the learner reads |"
    yield "|---|---|---|"
    yield from (_line(row) for row in wrong)
    yield ""


def _line(row: Row) -> str:
    verdict = row.verdict
    saw = verdict.saw if verdict is not None else ""
    words = " ".join(saw.split()).replace("|", "\\|").replace("<", "&lt;")
    return f"| `{row.solution}` | {row.scenario} | {words} |"
