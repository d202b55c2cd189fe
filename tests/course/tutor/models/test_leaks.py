"""The guard knows a line of a solution when it sees one, and leaves our own words alone."""

import pytest

from course.tutor.models.leaks import secrets, tells_a_solution
from labs.exercises.exercise import everything


@pytest.mark.parametrize("about", everything(), ids=lambda about: about.id)
def test_every_solution_is_known(about):
    """Each right solution, whole or line by line, is told; in prose and in code alike."""
    for source in about.solutions("right").values():
        assert tells_a_solution(f"Here you are:\n```python\n{source}\n```")
    assert secrets(about)
    assert all(tells_a_solution(f"you write `{line}` there") for line in secrets(about))


@pytest.mark.parametrize("about", everything(), ids=lambda about: about.id)
def test_what_the_course_shows_is_no_secret(about):
    """Starter, hints and the words of each bug pass."""
    assert not tells_a_solution(about.starter)
    assert not any(map(tells_a_solution, about.hints.values()))
    for bug in about.bugs.values():
        assert not tells_a_solution(f"{bug.expected} {bug.next} {bug.hint}")


def test_plain_words_are_no_secret():
    """An answer about the subject passes."""
    assert not tells_a_solution(
        "The server pings every 20 seconds and closes with 1011 when no pong came. A receiver "
        "compares signatures with `hmac.compare_digest` and answers 200 before it works."
    )
