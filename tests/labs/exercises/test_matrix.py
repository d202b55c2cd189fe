"""The kill matrix of every exercise, and what it refuses."""

from dataclasses import fields as fields_of

import pytest
from sample import RIGHT, SMALL, STARTER, sample

from labs.exercises.exercise import Bug, exercise, ids
from labs.exercises.matrix import rows, troubles
from labs.exercises.scenario import Scenario

SLOW = "# exercise: m0.answer\nimport asyncio\n" + RIGHT.partition("\n")[2].replace(
    "return", "await asyncio.sleep(5)\n    return"
)
WAITS = "import asyncio\nasync def answer(question):\n    await asyncio.Event().wait()\n"
GOOD = {"caps": RIGHT, "plain": RIGHT.replace("async ", ""), "slow": SLOW}
SPOT = {"wrong": "small", "line": 3, "repair": [{"line": 3, "text": "    return question.upper()"}]}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", ids())
def test_every_solution_is_judged_as_its_folder_says(name):
    """The starter is not attempted, right ones pass, each wrong one is met by its own name.

    On each seed, by a check made for it, in words that no other bug shares.
    """
    about = exercise(name)

    assert list(troubles(about)) == []
    kinds = [row.kind for row in rows(about) if row.holds]
    assert len(kinds) == len(about.solutions("right")) + len(about.solutions("wrong")) + 2


def with_solutions(right=GOOD, wrong=None, starter=STARTER, **changed):
    """The sample exercise with a folder's worth of solutions."""
    folder = {"right": right, "wrong": {"small": SMALL, **(wrong or {})}}
    about = sample(spot=SPOT, **changed)
    more = {"solutions": lambda _, kind: folder[kind], "starter": starter}
    fields = {each.name: getattr(about, each.name) for each in fields_of(about)}
    return type("Solved", (type(about),), more)(**fields)


def refused(**changed):
    """The one sentence that the matrix says against it."""
    (sentence,) = troubles(with_solutions(**changed))
    return sentence


def bugs(*names, **parts):
    """The sample's bug, described for each of these names."""
    small = sample().bugs["small"]
    said = {name: f"Answers are not {name}." for name in names}
    parts = {"link": small.link, "next": "the letters of it", "hint": small.hint, **parts}
    return {name: Bug(name, **{"expected": said[name], **parts}) for name in names}


def test_an_exercise_in_order_has_no_troubles():
    """Two right solutions, a slow one, a wrong one for each bug: nothing is refused."""
    assert list(troubles(with_solutions(bugs=bugs("small")))) == []


def test_a_wrong_solution_that_passes_is_refused():
    """Whoever makes this mistake would be told that all is well."""
    sentence = refused(bugs=bugs("small"), wrong={"small__passes": RIGHT})

    assert sentence.startswith(
        "m0.answer: the wrong solution small__passes is correct, and must be small on each seed"
    )


def test_a_wrong_solution_that_some_seeds_let_pass_is_refused():
    """A mistake that shows itself by luck is not found."""
    lucky = (
        "def answer(question):\n    return question if question == 'three' else question.upper()"
    )
    sentence = refused(bugs=bugs("small"), wrong={"small__by_luck": lucky})

    assert "small__by_luck is correct, small, and" in sentence


def test_a_wrong_solution_that_is_only_stopped_is_refused():
    """That everybody waits is how a run ends; it does not say which mistake was made."""
    sentence = refused(bugs=bugs("small"), wrong={"small__waits": WAITS})

    assert sentence.startswith("m0.answer: the wrong solution small__waits is never_ends, and")


def test_a_bug_that_is_called_stopped_is_refused():
    """Naming the mistake after the way it was stopped does not make it a diagnosis."""
    sentence = refused(bugs=bugs("small"), wrong={"never_ends": WAITS})

    assert sentence == (
        "m0.answer: the wrong solution never_ends is never_ends: "
        "a known mistake must be caught by a check of its own"
    )


def test_two_bugs_that_share_their_text_are_refused():
    """What the learner reads must tell the one from the other."""
    shared = bugs("small", "none", expected="Answers are in capitals.")
    none = "def answer(question):\n    return None if question == 'bid' else question.upper()\n"
    about = with_solutions(bugs=shared, wrong={"none": none}, scenarios=telling("none"))

    assert list(troubles(about)) == ["m0.answer: the bugs small and none say the same"]


def test_a_text_without_its_parts_is_refused():
    """Each part says something, and a link leads to the contract."""
    short = bugs("small", expected="Capitals.", link="the RFC")

    assert list(troubles(with_solutions(bugs=short))) == [
        "m0.answer: the bug small says too little under “The contract”",
        "m0.answer: the bug small has no link to its contract",
    ]


@pytest.mark.parametrize(
    "right",
    [
        {"caps": RIGHT, "plain": RIGHT, "third": RIGHT},
        {"caps": RIGHT, "slow": SLOW},
    ],
    ids=["no slow one", "only one besides"],
)
def test_too_few_right_solutions_are_refused(right):
    """Two written differently, and one that is slow, or the grader may know only its author's."""
    assert refused(bugs=bugs("small"), right=right) == (
        "m0.answer needs two right solutions and a slow one (right/slow*.py)"
    )


def test_a_right_solution_that_is_turned_down_is_refused():
    """The sentence brings the verdict that somebody would have met undeserved."""
    sentence = refused(bugs=bugs("small"), right={**GOOD, "title": SMALL})

    assert "the right solution title is small, and must be correct on each seed" in sentence
    assert "the reply was `bid`" in sentence


def test_a_bug_without_a_wrong_solution_is_refused():
    """A diagnosis that was never seen to be made may not be there."""
    assert refused(bugs=bugs("small", "none")) == "m0.answer has no wrong solution for: none"


def test_a_starter_that_passes_is_refused():
    """What is handed out solves nothing, although it is never judged."""
    about = with_solutions(bugs=bugs("small"), starter=RIGHT)

    assert "m0.answer: the starter passes as it is" in troubles(about)


def telling(name):
    """The sample's scenarios, before which one looks for a reply that is no text."""

    async def program(stage):
        if await stage.call(stage.given.answer, "bid") is None:
            stage.report(name, "the reply was no text at all")

    return (Scenario("no text", "We asked once, by a call.", program), *sample().scenarios)
