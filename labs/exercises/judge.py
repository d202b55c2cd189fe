"""Judges a submission: every scenario with every seed, until one of them finds a bug.

Who is to blame decides the outcome. What the learner's own lines raise is theirs and is shown
with the line; what our own code raises is ours, and the outcome is then "could not tell".
"""

from __future__ import annotations

import contextlib
import gc
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from types import CodeType, SimpleNamespace
from typing import Any, TypeAlias

from labs import observe
from labs.errors import Deadlock, OutOfTime
from labs.exercises import faults
from labs.exercises.exercise import Exercise
from labs.exercises.printed import printing
from labs.exercises.scenario import Scenario, Stage
from labs.exercises.submission import (
    Submission,
    executed,
    is_attempted,
    is_starter,
    wrong_kind,
)
from labs.exercises.verdict import CORRECT, INCORRECT, NOT_ATTEMPTED, Finding, Verdict
from labs.outcome import Run

RUNS_KEPT = 16  # runs between two collections

Known: TypeAlias = dict[tuple[Scenario, int], Verdict | None]


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario with one seed: the run, what was reported in it, and what ended it."""

    scenario: Scenario
    seed: int
    run: Run
    findings: tuple[Finding, ...]
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A submission that compiles, before an exercise."""

    exercise: Exercise
    submission: Submission
    code: tuple[CodeType, ...]

    def fresh(self) -> SimpleNamespace:
        """The learner's definitions in a new namespace; raises what executing them raises."""
        given = executed(self.code)
        if sentence := wrong_kind(given, self.exercise.asks):
            raise faults.NotAsked(sentence)
        return given

    def play(self, scenario: Scenario, seed: int) -> Played:
        """What happens when the learner's code is put into one scenario."""
        kept: list[Stage] = []

        async def main(world: Any) -> Any:
            rng = Random(f"{seed}/{scenario.name}")
            kept.append(stage := Stage(world, self.fresh, self.submission.source, rng))
            try:
                stage.given = stage.fresh()
                return await stage.perform(scenario.program)
            except BaseException as error:
                traceback.clear_frames(error.__traceback__)  # a connection held there outlives all
                raise

        run, error = observe(main, seed=seed, at=scenario.at, max_time=scenario.max_time)
        return Played(scenario, seed, run, tuple(kept[0].findings) if kept else (), error)

    def verdict(self, scenario: Scenario, seed: int) -> Verdict | None:
        """What one run has to say against the code; None when that is nothing."""
        played = self.play(scenario, seed)
        found, error = found_in(played)
        if found is not None and found.bug in self.exercise.bugs:
            return incorrect(self.exercise, played, found)
        if found is not None:
            error = LookupError(f"the grader names a bug that nobody described: {found.bug}")
        if error is None:
            return None
        fault = faults.Fault(self.exercise, self.submission, scenario, seed, played.run, error)
        return fault.verdict()


def judge(exercise: Exercise, submission: Submission) -> Verdict:
    """The verdict; the first seed tries every scenario before the others are drawn."""
    with printing() as printed, steady_memory():
        verdict = _judged(exercise, submission)
    return faults.with_notes(verdict, submission, printed)


def judged_by_seed(exercise: Exercise, submission: Submission) -> list[Verdict]:
    """The verdict of each seed alone; a scenario with fewer seeds takes its last one."""
    with printing(), steady_memory():
        trial = Trial(exercise, submission, submission.compiled())
        seeds = range(1, max(scenario.seeds for scenario in exercise.scenarios) + 1)
        known: Known = {}  # a scenario that ran out of seeds would only say the same again
        return [_of_seed(trial, seed, known) for seed in seeds]


def _judged(exercise: Exercise, submission: Submission) -> Verdict:
    if not is_attempted(submission.source, exercise.starter, exercise.asks):
        return Verdict(exercise.id, NOT_ATTEMPTED, says=_not_attempted(exercise, submission))
    try:
        trial = Trial(exercise, submission, submission.compiled())
    except (SyntaxError, ValueError) as error:
        return faults.does_not_compile(exercise, error)
    runs = 0
    for scenario, seed in order(exercise.scenarios):
        if verdict := trial.verdict(scenario, seed):
            return verdict
        runs += 1
        collect(runs)
    kinds = len(exercise.scenarios)
    says = f"{kinds} scenarios, {runs} runs, and nothing to find.\n\n{exercise.after.strip()}"
    return Verdict(exercise.id, CORRECT, says=says, runs=runs)


def _not_attempted(exercise: Exercise, submission: Submission) -> str:
    """What there is to do; code that was added around an empty stub has been seen."""
    if is_starter(submission.source, exercise.starter):
        return "The starter is as it was. Fill it in, run the cell, and check again."
    names = " and ".join(f"`{name}`" for name in exercise.asks)
    return f"Nothing stands in {names} yet. Fill it in, run the cell, and check again."


@contextlib.contextmanager
def steady_memory() -> Iterator[None]:
    """For the length of the block, a collection looks only at what came up within it.

    A run leaves cycles behind (loop, tasks, connections) that are still in use when the run
    itself collects. Over hundreds of runs they add up, and whatever looks at all tasks gets slow.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def collect(runs: int) -> None:
    """Clear up after so many runs, where it is time to."""
    if runs % RUNS_KEPT == 0:
        gc.collect()


def _of_seed(trial: Trial, seed: int, known: Known) -> Verdict:
    collect(seed)
    for scenario in trial.exercise.scenarios:
        run = scenario, min(seed, scenario.seeds)
        if run not in known:
            known[run] = trial.verdict(*run)
        if verdict := known[run]:
            return verdict
    return Verdict(trial.exercise.id, CORRECT)


def order(scenarios: Iterable[Scenario]) -> Iterator[tuple[Scenario, int]]:
    """Every scenario with the first seed, then with the second, and so on."""
    table = list(scenarios)
    for seed in range(1, max(scenario.seeds for scenario in table) + 1):
        yield from ((scenario, seed) for scenario in table if seed <= scenario.seeds)


def found_in(played: Played) -> tuple[Finding | None, BaseException | None]:
    """The first finding of a run, else what ended it early.

    A run in which everybody waits, or whose time is over, is looked at too, as far as it went.
    """
    if played.findings:
        return played.findings[0], None
    if played.error is not None and not isinstance(played.error, Deadlock | OutOfTime):
        return None, played.error
    try:
        return played.scenario.look(played.run), played.error
    except Exception as error:  # noqa: BLE001 - a look at half a run may stumble over the missing half
        return None, played.error or error


def incorrect(exercise: Exercise, played: Played, found: Finding) -> Verdict:
    """The verdict that a finding comes to; the event that it names is marked in the picture."""
    bug = exercise.bugs[found.bug]
    return Verdict(
        exercise=exercise.id,
        verdict=INCORRECT,
        bug=bug.id,
        did=played.scenario.did,
        saw=str(found),
        expected=bug.expected,
        next=bug.next,
        link=bug.link,
        scenario=played.scenario.name,
        seed=played.seed,
        run=played.run.titled(played.scenario.name).view(mark=found.event),
    )
