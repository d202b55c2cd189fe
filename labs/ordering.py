"""The wire in order: some events of a run as shuffled lines, and the order in which they happened.

It is a question like a prediction (a kernel's widget and the site draw it as one), and it brings
its own answer, folded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labs.diagram.text import untimed
from labs.diagram.times import clock
from labs.lesson_schema import LessonError
from labs.messages import Row, timeline
from labs.outcome import Run
from labs.prediction import MIME, Prediction, order

QUESTION = "Put these events of the run in the order in which they happened."


@dataclass(frozen=True, slots=True)
class Ordering:
    """The question; `right` are its lines in order, `moments` when each of them happened."""

    prediction: Prediction
    right: tuple[str, ...]
    moments: tuple[str, ...]

    @property
    def answer(self) -> str:
        """The lines in order, numbered, with their times."""
        numbered = enumerate(zip(self.right, self.moments, strict=True), 1)
        return "\n".join(f"{n}. {line} ({moment})" for n, (line, moment) in numbered)

    def says(self, answer: Sequence[str]) -> str:
        """One sentence about an order that somebody gave."""
        pairs = enumerate(zip(answer, self.right, strict=True), 1)
        wrong = next((n for n, (given, right) in pairs if given != right), None)
        if wrong is None:
            return "That is the order in which they happened."
        before = "" if wrong == 1 else f"The first {wrong - 1} stand right. "
        return f"{before}Something else happens before line {wrong}, “{answer[wrong - 1]}”."

    def __repr__(self) -> str:
        return f"{self.prediction}\n\n[The order: folded in JupyterLab and on the site]"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        lines = "\n".join(f"- {line}" for line in self.prediction.options)
        fold = f"<details><summary>The order</summary>\n\n{self.answer}\n\n</details>"
        markdown = f"{self.prediction.question}\n\n{lines}\n\n{fold}"
        record = {**asdict(self.prediction), "right": list(self.right), "moments": [*self.moments]}
        return {"text/plain": repr(self), "text/markdown": markdown, MIME: record}


def ordering(run: Run, numbers: Sequence[int]) -> Ordering:
    """The events with these numbers as a question.

    Raises LessonError where two read alike or happen at the same moment.
    """
    rows = {row.number: row for row in timeline(run.journal) if row.number in numbers}
    if missing := [number for number in numbers if number not in rows]:
        raise LessonError(f"order: the run has no event {missing[0]}")
    chosen = [rows[number] for number in sorted(numbers)]
    right = tuple(map(_line, chosen))
    times = [row.time for row in chosen]
    for number, line, time in zip(sorted(numbers), right, times, strict=True):
        if right.count(line) > 1 or times.count(time) > 1:
            raise LessonError(f"order: event {number} reads like another, or is as late: {line}")
    shuffled = sorted(right, key=_shuffled)
    return Ordering(order(QUESTION, shuffled), right, tuple(map(clock, times)))


def _line(row: Row) -> str:
    return " ".join(untimed(row).split())


def _shuffled(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
