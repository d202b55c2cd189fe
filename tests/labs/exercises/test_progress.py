"""Progress: kept in one local file, redone, and honest about exercises that changed."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sample import RIGHT, SMALL, STARTER, sample

from labs.exercises import PROGRESS, progress
from labs.exercises.judge import judge
from labs.exercises.progress import Entry
from labs.exercises.submission import Submission

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    """A progress file of the test's own."""
    monkeypatch.setenv(PROGRESS, str(tmp_path / "kept" / "progress.json"))


def checked(source, **changed):
    """The entry after a check of this source."""
    about = sample(**changed)
    return progress.checked(about, judge(about, Submission(source)), AT)


def test_attempts_are_counted_by_changes_of_the_code():
    """Checking the same code again is no further attempt; a pass stays a pass."""
    assert checked(SMALL).attempts == 1
    assert checked(SMALL).attempts == 1
    entry = checked(RIGHT)
    assert (entry.attempts, entry.last, entry.passed) == (2, "correct", AT.isoformat())
    entry = checked(SMALL)
    assert (entry.attempts, entry.last, entry.passed) == (3, "small", AT.isoformat())
    assert progress.read() == {"m0.answer": entry}


def test_what_says_nothing_about_the_code_changes_nothing():
    """An untouched starter is no attempt."""
    assert checked(STARTER) == Entry()
    assert progress.read() == {}


def test_an_exercise_that_changed_since_the_pass_says_so():
    """The fingerprint of task and scenarios is kept with the pass."""
    entry = checked(RIGHT)

    assert entry.state(sample()) == "passed"
    bug = replace(sample().bugs["small"], expected="Answers are shouted.")
    assert entry.state(sample(bugs={"small": bug})) == "changed since you passed it"


def test_hints_and_solution_make_it_hard():
    """The highest rung counts, and so does having seen the solution."""
    progress.shown(sample(), rung=3)
    assert progress.shown(sample(), rung=1).hints == 3
    assert progress.shown(sample(), solution=True).hard
    assert not Entry(attempts=3, hints=1).hard
    assert Entry(attempts=4).hard


def test_an_exercise_can_be_redone_as_if_new():
    """Forgetting one leaves the others."""
    checked(RIGHT)
    progress.write({**progress.read(), "m0.other": Entry(attempts=1)})

    assert progress.forget("m0.answer", "m0.unknown") == ["m0.answer"]
    assert list(progress.read()) == ["m0.other"]


def test_the_file_is_written_whole_and_a_broken_one_counts_as_none(tmp_path):
    """Half a file, another program's file, a folder that takes none: no error, nothing lost."""
    checked(RIGHT)
    file = progress.place()
    assert [each.name for each in file.parent.iterdir()] == ["progress.json"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["version"] == 1
    for broken in ("", "[]", '{"exercises": {"m0.answer": {"no": 1}}}', "\0"):
        file.write_text(broken)
        assert progress.read() == {}
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    progress.write({"m0.answer": Entry()}, blocked / "progress.json")
    assert progress.read(blocked / "progress.json") == {}
