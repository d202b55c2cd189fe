"""The cell before: its code, the error that it ended in, and what a check said, as `context`."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from typing import Any

from course.tutor.protocol import CONTEXT

EXERCISE = re.compile(r"# exercise: ([\w.]+)")
OURS = ("%tutor", "%%tutor")  # a question is not the work that it is about
LIMITS = {"code": 12_000, "error": 8_000, "wire": 12_000}  # characters, as the protocol has them


class Before:
    """Follows a kernel's cells; `context` is what a question may bring along."""

    def __init__(self) -> None:
        self.context: Mapping[str, str | int] = {}
        self.code: dict[str, str] = {}  # of each exercise, as it was last run

    def ran(self, result: Any) -> None:
        """A cell has ended."""
        source = result.info.raw_cell or ""
        if not source.strip() or source.lstrip().startswith(OURS):
            return
        context: dict[str, str | int] = {"code": source}
        if found := EXERCISE.match(source):
            self.code[found[1]] = source
            context["exercise"] = found[1]
        if error := result.error_before_exec or result.error_in_exec:
            context["error"] = told(error)
        context |= self.shown(result.result)
        self.context = {name: fitted(name, value) for name, value in context.items()}

    def shown(self, value: Any) -> dict[str, str | int]:
        """What the cell's value adds: a verdict with its exercise's code, a run with its wire."""
        kind = type(value).__name__
        if kind == "Run":
            return {"wire": repr(value)}
        if kind != "Verdict":
            return {}
        judged = {"exercise": value.exercise, "verdict": value.verdict, "bug": value.bug}
        said = {name: given for name, given in judged.items() if given}
        if code := self.code.get(value.exercise):
            said["code"] = code
        return said | ({"wire": repr(value.run)} if value.run else {}) | attempts(value.exercise)

    @property
    def words(self) -> str:
        """What goes along, for the learner to see; nothing where no cell has run."""
        if not self.context:
            return ""
        parts = ["code", *(name for name in ("error", "verdict", "wire") if name in self.context)]
        return f"Take the cell before along ({', '.join(parts)})"


def attempts(exercise: str) -> dict[str, int]:
    """How often the exercise was tried, and how many hints were taken."""
    from labs.exercises.progress import read

    entry = read().get(exercise)
    return {"attempts": entry.attempts, "hint_level": entry.hints} if entry else {}


def told(error: BaseException) -> str:
    """The traceback from the learner's first line on, or whole where that is not found."""
    step = error.__traceback__
    while step is not None and not learners(step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return "".join(traceback.format_exception(type(error), error, step or error.__traceback__))


def learners(filename: str) -> bool:
    """Whether this is a cell's file, as IPython and ipykernel name them."""
    return "ipykernel_" in filename or filename.startswith("<ipython-input")


def fitted(name: str, value: str | int) -> str | int:
    """A member of the context as long as it may be; of an error and a table the end counts."""
    assert name in CONTEXT
    if isinstance(value, int) or name not in LIMITS:
        return value
    return value[: LIMITS[name]] if name == "code" else value[-LIMITS[name] :]
