"""The grader of m1.poll, graded, and what its findings point at."""

import re

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission

POLL = exercise("m1.poll")
WRONG = POLL.solutions("wrong")
NOTHING_TO_POINT_AT = {"no_generator", "no_generator__collects", "leaves_a_task"}


@pytest.mark.parametrize("name", sorted(WRONG.keys() - NOTHING_TO_POINT_AT))
def test_a_verdict_points_at_an_event_of_its_picture(name):
    """What was seen carries a number, and under that number the picture has an event."""
    verdict = judge(POLL, Submission(WRONG[name]))
    number = re.search(r"\(#(\d+)\)$", verdict.saw)

    assert number, verdict.saw
    assert re.search(rf"^ +[\d.:]+ [sh] +{number[1]} ", str(verdict.run.diagram), re.MULTILINE)


def seen(name):
    """What was seen of a wrong solution, and the line of the picture that it points at."""
    verdict = judge(POLL, Submission(WRONG[name]))
    number = re.search(r"#(\d+)", verdict.saw)[1]
    line = next(
        row for row in str(verdict.run.diagram).splitlines() if row.split()[2:3] == [number]
    )
    return verdict.saw, line


@pytest.mark.parametrize(
    ("name", "points_at"),
    [
        ("overlaps", "bidder --> auction   GET"),
        ("tag_outlives_its_state", 'If-None-Match: "'),
        ("ends_at_304", "bidder --> auction   GET"),
        ("shows_nothing", "\"shows b''\""),
        ("hammers", "connect :80"),
    ],
)
def test_the_event_is_the_one_at_which_things_part(name, points_at):
    """The request that should not have left, the body that should not have been shown."""
    assert points_at in seen(name)[1]


def test_the_moment_is_told_as_the_picture_has_it():
    """The second in the text is the one at which `fetch` was called, before it reached the wire."""
    saw, line = seen("asks_after_stop")
    told, drawn = float(re.search(r"left at ([\d.]+) s", saw)[1]), float(line.split()[0])

    assert 0 <= drawn - told <= 0.1 + 1e-9
