"""What a learner has done so far: attempts, hints, passes, by exercise, in one local file.

The file is named by HOOK_LINE_SOCKET_PROGRESS, else it is `.course/progress.json` of the clone,
else it lies in the learner's own data folder. It is never tracked, and nothing else reads it than
the course on this machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labs.exercises import PROGRESS
from labs.exercises.exercise import Exercise
from labs.exercises.verdict import CORRECT, INCORRECT, Verdict

CLONE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Entry:
    """One exercise; `content` is the fingerprint of what was passed or tried last."""

    attempts: int = 0  # checks of code that differed from the one before
    hints: int = 0  # the highest rung that was shown
    solution: bool = False  # the official one was shown
    last: str = ""  # outcome and bug of the last check
    tried: str = ""  # when, in UTC
    passed: str = ""  # when it was first correct
    content: str = ""  # of the exercise when it was passed, else when it was tried last
    code: str = ""  # fingerprint of the code of the last check

    def state(self, exercise: Exercise) -> str:
        """In words: "passed", "changed since you passed it", "tried", "not started"."""
        if self.passed:
            same = self.content == fingerprint(exercise)
            return "passed" if same else "changed since you passed it"
        return "tried" if self.attempts else "not started"

    @property
    def hard(self) -> bool:
        """Did it take hints, the solution, or more than three attempts?"""
        return self.hints > 1 or self.solution or self.attempts > 3


def place() -> Path:
    """The file that holds the progress."""
    if named := os.environ.get(PROGRESS):
        return Path(named)
    if (CLONE / "requirements.txt").is_file():
        return CLONE / ".course" / "progress.json"
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(folder) / "hook-line-socket" / "progress.json"


def read(file: Path | None = None) -> dict[str, Entry]:
    """Every entry, by exercise id; a file that is not ours to read counts as none."""
    try:
        record = json.loads((file or place()).read_text("utf-8"))
        return {name: Entry(**fields) for name, fields in record["exercises"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(entries: Mapping[str, Entry], file: Path | None = None) -> None:
    """Replace what the file holds, whole or not at all; a full disk is no error."""
    path = file or place()
    record = {"version": 1, "exercises": {name: asdict(one) for name, one in entries.items()}}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".progress-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(record, out, indent=1, sort_keys=True)
        Path(name).replace(path)


def checked(
    exercise: Exercise, verdict: Verdict, now: datetime | None = None, content: str = ""
) -> Entry:
    """The entry after a check; outcomes that say nothing about the code change nothing.

    `content` is the exercise's fingerprint, from whoever has loaded its grader already.
    """
    entries = read()
    entry = entries.get(exercise.id, Entry())
    if verdict.verdict not in (CORRECT, INCORRECT):
        return entry
    when = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    code = _digest(verdict.source)
    passed = (entry.passed or when) if verdict.passed else entry.passed
    now_is = content or fingerprint(exercise)
    content = now_is if verdict.passed or not entry.passed else entry.content
    entry = replace(
        entry,
        attempts=entry.attempts + (code != entry.code),
        last=verdict.bug or verdict.verdict,
        tried=when,
        passed=passed,
        content=content,
        code=code,
    )
    write({**entries, exercise.id: entry})
    return entry


def shown(exercise: Exercise, *, rung: int = 0, solution: bool = False) -> Entry:
    """The entry after a hint of that rung, or the solution, was shown."""
    entries = read()
    entry = entries.get(exercise.id, Entry())
    more = replace(entry, hints=max(entry.hints, rung), solution=entry.solution or solution)
    if more != entry:
        write({**entries, exercise.id: more})
    return more


def forget(*names: str) -> list[str]:
    """Forget these exercises, as if they were new; those that were there."""
    entries = read()
    known = [name for name in names if name in entries]
    write({name: entry for name, entry in entries.items() if name not in known})
    return known


def fingerprint(exercise: Exercise) -> str:
    """Of what a learner must fulfil: the starter, the bugs and the scenarios."""
    stories = [f"{scenario.name}\n{scenario.did}" for scenario in exercise.scenarios]
    bugs = [f"{bug.id}\n{bug.expected}" for bug in exercise.bugs.values()]
    return _digest("\n".join([exercise.starter, *stories, *bugs]))


def _digest(*parts: Any) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
