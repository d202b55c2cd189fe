"""The verbs of an exercise in a notebook: `check`, `hint`, `solution`, `spot`.

They read the code from the cells that were run (a notebook keeps them in `In`), so a cell counts
once it has been run. Each returns a value that shows itself as text and, in a notebook, richer.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from labs.cells_run import CELLS
from labs.exercises import progress as kept
from labs.exercises.cells import Cell, find
from labs.exercises.exercise import RUNGS, Exercise, exercise
from labs.exercises.judge import judge
from labs.exercises.spot import Spot, spotted
from labs.exercises.standing import Standing, standing
from labs.exercises.submission import Submission, is_attempted
from labs.exercises.verdict import NOT_ATTEMPTED, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """Words for the learner: Markdown that is read as it stands in a terminal too."""

    markdown: str

    def __repr__(self) -> str:
        return self.markdown

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.markdown, "text/markdown": self.markdown}


def check(id: str, source: str | None = None) -> Verdict:  # noqa: A002 - the learner's word
    """The verdict on the exercise's cell as it was last run, or on `source`."""
    about = exercise(id)
    submission = Submission(source) if source is not None else _submitted(about)
    if submission is None:
        return nothing_there(about)
    verdict = judge(about, submission)
    kept.checked(about, verdict)
    return verdict


def hint(id: str, rung: int | None = None) -> Said:  # noqa: A002 - the learner's word
    """The next hint: one rung higher each time, from the symptom to a worked neighbour.

    `rung` (1 to 5) shows that one. After an incorrect check the first words are about its bug.
    """
    about = exercise(id)
    before = kept.read().get(id, kept.Entry())
    number = min(max(rung or before.hints + 1, 1), len(RUNGS))
    kept.shown(about, rung=number)
    return Said(hint_text(about, number, before.last))


def hint_text(about: Exercise, number: int, bug: str = "") -> str:
    """The words of one rung; for a bug of this exercise, what it is about comes first."""
    name = RUNGS[number - 1]
    lead = f"Your last check met `{bug}`. {about.bugs[bug].hint}\n\n" if bug in about.bugs else ""
    more = f"\n\n`hint({about.id!r})` climbs on." if number < len(RUNGS) else ""
    return f"{lead}**Hint {number} of {len(RUNGS)}, {name}.** {about.hints[name].strip()}{more}"


def solution(id: str) -> Said:  # noqa: A002 - the learner's word
    """The official solution, and what it does differently from yours."""
    about = exercise(id)
    mine = _submitted(about)
    kept.shown(about, solution=True)
    return Said(solution_text(about, mine.source if mine else ""))


def solution_text(about: Exercise, mine: str = "") -> str:
    """The official solution in words and code, then line by line against `mine`."""
    official = about.official_solution()
    parts = [about.official["says"].strip(), f"```python\n{official.strip()}\n```"]
    if mine and is_attempted(mine, about.starter, about.asks):
        lines = unified_diff(
            mine.strip().splitlines(), official.strip().splitlines(), "yours", "ours", lineterm=""
        )
        parts.append("What it does differently:\n\n```diff\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(parts)


def spot(
    id: str,  # noqa: A002 - the learner's word
    line: int | None = None,
    repair: Mapping[int, str] | None = None,
) -> Spot:
    """A wrong program and the run that shows it; name the `line`, or `repair` lines by number."""
    return spotted(exercise(id), line, repair or {})


def progress() -> Standing:
    """Where you are: every exercise, what was hard, and what to go on with."""
    return standing(kept.read())


def nothing_there(about: Exercise) -> Verdict:
    """The verdict where no cell holds the exercise."""
    says = (
        f"No cell that was run begins with `# exercise: {about.id}`. Run the cell with your "
        "code, then check again."
    )
    return Verdict(about.id, NOT_ATTEMPTED, says=says)


def _submitted(about: Exercise) -> Submission | None:
    return find(about, _cells_run(), history=True)


def _cells_run() -> Sequence[Cell]:
    """What the notebook has run, in order."""
    kept = getattr(sys.modules["__main__"], "In", ())
    cells = kept if len(kept) > 1 else CELLS
    return [Cell(number, str(source)) for number, source in enumerate(cells)]
