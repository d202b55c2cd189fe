"""Judges in a process of its own, with limits on time, memory and output.

Whatever the learner's code does to that process ends in a verdict here: it computes without end,
takes all memory, ends the interpreter, leaves children behind.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from labs.exercises.exercise import Exercise
from labs.exercises.submission import Submission
from labs.exercises.verdict import UNCLEAR, Verdict

SECONDS = 60.0  # of real time; a verdict takes less than one
LAST_LINE = re.compile(r'File "(?P<name><[^"]+>|[^"/]+)", line (?P<line>\d+) in (?P<function>\S+)')


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict as it came out of the other process: as a record, and in words."""

    record: dict[str, Any]
    text: str
    report: str
    status: int
    source: str
    content: str = ""  # the fingerprint of the exercise, from the process that had loaded it


def graded(exercise: Exercise, submission: Submission, seconds: float = SECONDS) -> Graded:
    """The verdict on a submission; the process and everything it started are gone afterwards."""
    asked = json.dumps({"exercise": exercise.id, **asdict(submission)})
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "verdict.json"
        trace = Path(folder) / "trace.txt"
        process = _started(said, trace, seconds)
        timed_out = False
        try:
            process.communicate(asked.encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            _end(process)
        if said.is_file():
            return Graded(**json.loads(said.read_text("utf-8")))
        where = _last_line(trace)
    return in_words(_without_verdict(exercise, submission, process.returncode, timed_out, where))


def in_words(verdict: Verdict) -> Graded:
    """A verdict of this process in the same form."""
    words = repr(verdict), verdict.report()
    return Graded(verdict.record(), *words, verdict.status, verdict.source)


def _started(said: Path, trace: Path, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "course.grading.child"]
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        [*command, str(said), str(trace), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The whole group, since what the code started may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(trace: Path) -> str:
    """The line of the learner's at which the process was when its time was nearly over."""
    text = trace.read_text("utf-8", "replace") if trace.is_file() else ""
    found = LAST_LINE.search(text)
    return f"line {found['line']}, in {found['function']}" if found else "a line we cannot name"


def _without_verdict(
    exercise: Exercise, submission: Submission, status: int, timed_out: bool, where: str
) -> Verdict:
    """What the end of the process says, where it left no verdict."""
    from labs.exercises import faults  # it loads the laboratory, which this process seldom needs

    did = "We judged your code in a process of its own, with limits on time and memory."
    if timed_out or status == -signal.SIGXCPU:
        saw = f"It never came back: at the end it was at {where}."
        verdict = faults.broken(exercise, "blocks", did=did, saw=saw)
    elif status == -signal.SIGKILL:
        saw = "The process was killed: it took more memory than this machine gives it."
        verdict = faults.broken(exercise, "memory", did=did, saw=saw)
    elif status >= 0:
        saw = f"The process ended itself with status {status} before there was a verdict."
        verdict = faults.broken(exercise, "exits", did=did, saw=saw)
    else:
        says = f"The process that judged your code was ended by signal {-status}."
        verdict = Verdict(exercise.id, UNCLEAR, says=says)
    return replace(verdict, source=submission.source, notes=submission.notes)
