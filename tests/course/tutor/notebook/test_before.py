"""The cell before: what of it a question may bring along."""

from types import SimpleNamespace

import pytest

from course.tutor.notebook.before import LIMITS, Before
from labs.exercises.verdict import Verdict

CELL = "/tmp/ipykernel_7/1.py"


def ended(source, value=None, error=None, before=None):
    """What IPython says after a cell."""
    info = SimpleNamespace(raw_cell=source)
    return SimpleNamespace(info=info, result=value, error_in_exec=error, error_before_exec=before)


def raised(source):
    """The exception of a cell, with the frames of whoever ran it above its own."""
    try:
        exec(compile(source, CELL, "exec"), {})
    except Exception as error:  # noqa: BLE001 - whatever the cell raises
        return error


def test_a_cell_that_failed_brings_its_code_and_traceback():
    """The traceback begins at the learner's line: what ran the cell is not of it."""
    before, source = Before(), "def f():\n    return 1 / 0\nf()"
    before.ran(ended(source, error=raised(source)))
    assert before.context["code"] == source
    assert before.context["error"].splitlines()[1:2] == [f'  File "{CELL}", line 3, in <module>']
    assert before.context["error"].endswith("ZeroDivisionError: division by zero\n")
    assert before.words == "Take the cell before along (code, error)"


def test_a_cell_that_cannot_be_read_brings_its_syntax_error():
    """Nothing of it ran."""
    before, source = Before(), "x ="
    before.ran(ended(source, before=raised(source)))
    assert "SyntaxError" in before.context["error"]


@pytest.mark.parametrize("source", ["%tutor why?", "%%tutor hint\nwhy?", "  \n"])
def test_a_question_is_not_the_work_that_it_is_about(source):
    """The cell before a question stays the cell before."""
    before = Before()
    assert before.words == ""
    before.ran(ended("x = 1"))
    before.ran(ended(source))
    assert before.context == {"code": "x = 1"}


def test_a_check_brings_the_exercises_code_and_the_verdict(monkeypatch, tmp_path):
    """The code is the exercise's, not the cell that says check()."""
    monkeypatch.chdir(tmp_path)
    before = Before()
    code = "# exercise: m6.heartbeat\nclass Heartbeat: ..."
    before.ran(ended(code))
    assert before.context == {"code": code, "exercise": "m6.heartbeat"}
    verdict = Verdict("m6.heartbeat", "incorrect", "any_traffic")
    before.ran(ended('check("m6.heartbeat")', verdict))
    said = {"exercise": "m6.heartbeat", "verdict": "incorrect", "bug": "any_traffic"}
    assert before.context.items() >= {"code": code, **said}.items()


def test_what_is_too_long_is_cut_where_it_says_least():
    """Code from its beginning, an error to its end: both as long as the protocol allows."""
    before, source = Before(), "x = 1\n" * 5_000
    before.ran(ended(source, error=ValueError("y" * 9_000 + "end")))
    assert before.context["code"] == source[: LIMITS["code"]]
    assert before.context["error"].endswith("end\n")
    assert len(before.context["error"]) == LIMITS["error"]
