"""The lessons' interview questions, and what is heard in an answer to one."""

from pathlib import Path

import pytest
import yaml

from labs.studio.questions import questions, stale
from labs.studio.review import review

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
READ = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in NOTEBOOKS.glob("*.yaml")}
INTERVIEWS = {name: READ[name]["interview"] for name in sorted(READ) if "interview" in READ[name]}
ALL = [
    each
    for lesson, asked in INTERVIEWS.items()
    for each in questions(lesson, f"m{int(lesson[:2])}", asked)
]
FLAGS = yaml.safe_load((Path(__file__).parent / "flags.yaml").read_text("utf-8"))


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_a_model_answer_makes_every_point_and_raises_no_flag(each):
    """Who is shown it last, as the strongest answer, finds in it what was asked for."""
    seen = review(each.asked, {"answer": each.content["answer"]})
    heard = {point.id for point in each.asked.points if point.heard}
    assert [name for name in sorted(heard) if seen.points[name] is None] == []
    assert seen.flags == {}


def test_each_point_and_each_flag_can_be_heard():
    """None is left to the reader alone."""
    points = [(each.id, p.says) for each in ALL for p in each.asked.points if not p.heard]
    flags = [
        (each.id, f.says) for each in ALL for f in each.asked.flags if not (f.heard or f.without)
    ]
    assert (points, flags) == ([], [])


@pytest.mark.parametrize("lesson", INTERVIEWS)
def test_phrases_speak_of_what_the_lesson_says(lesson):
    """A point that the lesson has changed is noticed."""
    assert stale(lesson, INTERVIEWS[lesson]) == []


@pytest.mark.parametrize("each", FLAGS, ids=lambda each: f"{each['question']}-{each['flag']}")
def test_a_flag_is_raised_where_it_should_be(each):
    """An answer that deserves it has it, and one that says the same better has not."""
    (asked,) = (one.asked for one in ALL if one.id == each["question"])
    raised = [review(asked, {"answer": each[kind]}).flags for kind in ("raises", "does_not")]
    assert [f"flag-{each['flag']}" in flags for flags in raised] == [True, False]
