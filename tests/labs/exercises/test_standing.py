"""Where a learner is: every exercise in a table, and a link to what comes next."""

import pytest

from labs.exercises.exercise import exercise, ids
from labs.exercises.progress import Entry, fingerprint
from labs.exercises.standing import standing

DONE = {"passed": "2026-11-25T10:00:00+00:00"}


def passed(name, **more):
    """An exercise that was passed as it is now."""
    return Entry(**{"attempts": 1, "content": fingerprint(exercise(name)), **DONE, **more})


def test_nothing_done_begins_with_the_first():
    """Every exercise is listed, none is hard, and the first is what comes next."""
    now = standing({})

    assert [row.id for row in now.rows] == list(ids())
    assert now.summary == f"0 of {len(ids())} exercises passed; go on with {ids()[0]}."
    assert {row.state for row in now.rows} == {"not started"}


def test_what_was_tried_last_comes_next():
    """Whoever comes back goes on where they were, and not at the first gap."""
    tried = {
        "m4.check": Entry(attempts=1, tried="2026-11-25T10:00:00+00:00"),
        "m11.receive": Entry(attempts=5, tried="2026-11-25T11:00:00+00:00"),
    }
    now = standing({"m1.poll": passed("m1.poll"), **tried})

    assert now.following == "m11.receive"
    assert now.summary.startswith("1 of ")
    assert "hard for you: m11.receive; go on with m11.receive." in now.summary


def test_when_all_are_passed_nothing_comes_next():
    """The summary ends there."""
    now = standing({name: passed(name) for name in ids()})

    assert (now.following, now.summary) == ("", f"{len(ids())} of {len(ids())} exercises passed.")


def test_an_exercise_that_changed_is_to_be_done_again():
    """It counts as not passed, and says why."""
    now = standing({"m4.check": passed("m4.check", content="an older one")})
    (row,) = (row for row in now.rows if row.id == "m4.check")

    assert row.state == "changed since you passed it"
    assert now.summary.startswith("0 of ")


@pytest.mark.parametrize(
    ("entry", "cell"),
    [
        (passed("m4.check"), "✓ passed"),
        (passed("m4.check", hints=3), "✓ passed, hard"),
        (Entry(attempts=2), "… tried"),
        (Entry(), "not started"),
        (passed("m4.check", content="old"), "↻ changed since you passed it"),
    ],
    ids=["passed", "with help", "tried", "new", "changed"],
)
def test_the_table_says_it_in_words_beside_the_sign(entry, cell):
    """A row leads to its lesson, and its state is no mere sign or colour."""
    html = standing({"m4.check": entry}).html()

    assert f'<td style="text-align: left">{cell}</td>' in html
    assert '<a href="04_handshake.ipynb#Build">m4.check</a></th>' in html


def test_the_summary_leads_to_what_comes_next():
    """In JupyterLab the link opens the lesson in which it stands."""
    html = standing({"m6.heartbeat": Entry(attempts=1, tried="2026")}).html()

    assert 'go on with <a href="06_liveness.ipynb#Build">m6.heartbeat</a>.' in html
