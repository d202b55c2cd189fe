"""The verdicts that need no grader: code that does not compile, raises, blocks or never ends.

Each has its own id and speaks in the same four parts as the bugs of an exercise. What is our own
fault is said to be ours.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from labs.errors import BlockingCall, Escape, WorldError
from labs.exercises.exercise import Exercise
from labs.exercises.printed import Printed
from labs.exercises.scenario import Scenario
from labs.exercises.submission import Submission
from labs.exercises.verdict import INCORRECT, UNCLEAR, Verdict
from labs.outcome import Run


class NotAsked(Exception):
    """The submission does not define what the exercise asks for; the text says what."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for every exercise, and where to look when it is broken."""

    expected: str
    next: str
    link: str


DOCS = "https://docs.python.org/3/"
RULES: Mapping[str, Rule] = {
    "does_not_compile": Rule(
        "The cell or file must be valid Python, from its first line to its last.",
        "that line, and the one before it: a bracket or a quote may still be open",
        DOCS + "tutorial/errors.html#syntax-errors",
    ),
    "not_asked": Rule(
        "Under the asked name there must be what the exercise asks for.",
        "the spelling of the name, and whether it stands in this cell or file at all",
        DOCS + "tutorial/controlflow.html#defining-functions",
    ),
    "raised": Rule(
        "In this situation the contract asks for an outcome, and this exception is none.",
        "the values in that line at that moment, rather than the line's intention",
        DOCS + "tutorial/errors.html#exceptions",
    ),
    "missing_import": Rule(
        "The exercise can be solved with what the course has installed.",
        "what you need from that package, and whether the standard library has it",
        DOCS + "library/exceptions.html#ModuleNotFoundError",
    ),
    "memory": Rule(
        "Memory must stay bounded, whatever the other side sends.",
        "what grows there, and what could ever make it stop growing",
        DOCS + "library/exceptions.html#MemoryError",
    ),
    "blocks": Rule(
        "A coroutine gives way at an `await`; until then no other machine can run.",
        "the loop or call in that line, and where it awaits",
        DOCS + "library/asyncio-dev.html#running-blocking-code",
    ),
    "never_ends": Rule(
        "Each wait must end: with what it waits for, or when its time is over.",
        "the await in that line, and who could ever answer it",
        DOCS + "library/asyncio-task.html#timeouts",
    ),
    "reaches_outside": Rule(
        "Everything that the exercise needs is handed to your code as an argument.",
        "what that line needs, and which argument already has it",
        DOCS + "library/asyncio-stream.html",
    ),
    "exits": Rule(
        "A function ends by returning or raising; the process belongs to whoever started it.",
        "what the caller should learn instead: a value, or an exception",
        DOCS + "library/sys.html#sys.exit",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What ended a run, and whose code was in it."""

    exercise: Exercise
    submission: Submission
    scenario: Scenario
    seed: int
    run: Run
    error: BaseException

    def verdict(self) -> Verdict:
        """Theirs: incorrect, by the name of what happened. Ours: could not tell."""
        error = self.error
        if isinstance(error, NotAsked):
            return not_asked(self.exercise, error)
        if isinstance(error, WorldError):
            return self._incorrect(_stopped_by(error), f"the run could not go on: {error}.")
        if is_theirs(error, self.submission):
            shown = raised_text(error, self.submission)
            return self._incorrect(_raised_as(error), f"your code raised this.\n\n{shown}")
        says = ours(error, self.scenario.name)
        return Verdict(
            self.exercise.id, UNCLEAR, says=says, scenario=self.scenario.name, seed=self.seed
        )

    def _incorrect(self, rule: str, saw: str) -> Verdict:
        return broken(
            self.exercise,
            rule,
            did=self.scenario.did,
            saw=f"At {self.run.time:.3f} s {saw}",
            scenario=self.scenario.name,
            seed=self.seed,
            run=self.run.titled(self.scenario.name),
        )


def broken(exercise: Exercise, rule: str, **parts: Any) -> Verdict:
    """The verdict for one of the rules that hold everywhere."""
    said = RULES[rule]
    fixed = {"expected": said.expected, "next": said.next, "link": said.link}
    return Verdict(exercise.id, INCORRECT, rule, **{**fixed, **parts})


def does_not_compile(exercise: Exercise, error: SyntaxError | ValueError) -> Verdict:
    """Python cannot read the code."""
    line = getattr(error, "lineno", None)
    at = f"line {line}: " if line else ""
    shown = (getattr(error, "text", None) or "").strip()
    code = f"\n\n    {shown}" if shown else ""
    did = "We handed your code to Python, before any scenario was run."
    saw = f"Python cannot read it: {at}{getattr(error, 'msg', error)}.{code}"
    return broken(exercise, "does_not_compile", did=did, saw=saw)


def not_asked(exercise: Exercise, error: NotAsked) -> Verdict:
    """Nothing of the asked name, or something of another kind."""
    asked = ", ".join(f"{kind} `{name}`" for name, kind in exercise.asks.items())
    return broken(
        exercise,
        "not_asked",
        did="We executed your code and looked for what the exercise asks for.",
        saw=f"After that, {error}.",
        expected=f"The exercise asks for: {asked}.",
    )


def is_theirs(error: BaseException, submission: Submission) -> bool:
    """Did a line of the submission, or of a cell it stands on, take part in raising this?"""
    steps = traceback.extract_tb(error.__traceback__)
    return any(step.filename in submission.names for step in steps)


def raised_text(error: BaseException, submission: Submission) -> str:
    """Their lines and Python's words, indented as code."""
    whole = traceback.extract_tb(error.__traceback__)
    steps = [step for step in whole if step.filename in submission.names]
    lines = [f"    line {step.lineno}, in {step.name}\n        {step.line}" for step in steps[-3:]]
    words = "".join(traceback.format_exception_only(error)).strip().replace("\n", "\n    ")
    return "\n".join([*lines, f"    {words}"])


def ours(error: BaseException, scenario: str = "") -> str:
    """The sentence for a failure that says nothing about the learner's code."""
    if isinstance(error, asyncio.CancelledError):
        return "The run was cancelled before there was anything to see."
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" in the scenario “{scenario}”" if scenario else ""
    where += f" at line {last[0].lineno} of {last[0].name}" if last else ""
    return (
        f"The grader itself failed{where}: {type(error).__name__}: "
        f"{error}. That is our fault and says nothing about your code; please report this verdict."
    )


def with_notes(verdict: Verdict, submission: Submission, printed: Printed) -> Verdict:
    """The verdict with where the code was found, what was noticed, and what it printed."""
    run = verdict.run
    noticed = [f"Noticed: {says}." for says in run.diagnoses] if run is not None else []
    said = [printed.says()] if printed.text else []
    notes = (*submission.notes, *dict.fromkeys(noticed), *said)
    return replace(verdict, notes=notes, source=submission.source)


def _stopped_by(error: WorldError) -> str:
    if isinstance(error, BlockingCall):
        return "blocks"
    if isinstance(error, Escape):
        return "reaches_outside"
    return "exits" if "sys.exit" in str(error) else "never_ends"


def _raised_as(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return "missing_import"
    return "memory" if isinstance(error, MemoryError) else "raised"
