"""The judge: who is to blame, and what the learner is told."""

import asyncio
import gc

import pytest
from sample import RIGHT, SMALL, STARTER, sample

from labs.exercises.judge import judge, judged_by_seed, order
from labs.exercises.scenario import Scenario
from labs.exercises.submission import Submission


def verdict_on(source, **changed):
    """The verdict of the sample exercise on a source."""
    return judge(sample(**changed), Submission(source, "<exercise m0.answer>"))


def body(*lines):
    """The asked function with these lines."""
    return "\n    ".join(["async def answer(question):", *lines]) + "\n"


def test_a_right_solution_is_correct_with_every_seed():
    """Each scenario is run with each of its seeds, and then what there is to say is said."""
    verdict = verdict_on(RIGHT)

    assert (verdict.verdict, verdict.bug, verdict.runs, verdict.status) == ("correct", None, 23, 0)
    assert "met this bug before" in verdict.says


def test_a_plain_function_serves_as_well():
    """`def` where the contract says `async def` is right when its answers are."""
    assert verdict_on(RIGHT.replace("async ", "")).passed


def test_a_bug_comes_with_its_four_parts_and_a_marked_event():
    """What we did, saw, expected, and what to look at; the picture points at the event."""
    verdict = verdict_on(SMALL)

    assert (verdict.verdict, verdict.bug, verdict.status) == ("incorrect", "small", 1)
    assert verdict.did == "We asked once, over the wire."
    assert verdict.saw == "the reply was `bid` (#2)"
    assert verdict.expected == "Answers are in capitals."
    assert verdict.next == "the letters"
    assert verdict.run.shown.mark == 2
    assert "server --> client" in verdict.diagram


@pytest.mark.parametrize(
    "source",
    [
        STARTER,
        STARTER.replace("...", "pass"),
        STARTER.replace("...", "# nothing yet\n    return None"),
        STARTER.replace("    ...\n", ""),
        STARTER.replace("...", 'raise NotImplementedError("later")'),
    ],
    ids=["untouched", "pass", "comment", "docstring only", "not implemented"],
)
def test_what_says_nothing_is_not_attempted(source):
    """The starter, in any of the ways to say nothing, is neither right nor wrong."""
    assert verdict_on(source).verdict == "not_attempted"


def test_an_empty_stub_is_told_from_the_untouched_starter():
    """Whoever has written something beside it does not read that nothing was written."""
    assert verdict_on(STARTER).says.startswith("The starter is as it was.")
    assert verdict_on("import re\n" + STARTER).says.startswith("Nothing stands in `answer` yet.")


def test_the_learners_own_exception_is_shown_with_its_line():
    """The verdict quotes the line that raised, and Python's own words."""
    verdict = verdict_on(body("word = {}", "return word[question]"))

    assert verdict.bug == "raised"
    assert "line 3, in answer\n        return word[question]\n    KeyError: 'bid'" in verdict.saw


def test_our_own_failure_is_not_blamed_on_the_learner():
    """A grader that stumbles over itself could not tell."""

    async def stumbles(stage):
        raise ZeroDivisionError("ours")

    verdict = verdict_on(RIGHT, scenarios=(Scenario("ours", "We stumbled.", stumbles),))

    assert (verdict.verdict, verdict.status) == ("unclear", 3)
    assert "our fault" in verdict.says
    assert "ZeroDivisionError: ours" in verdict.says


def test_a_bug_that_nobody_described_is_our_failure():
    """A grader cannot name what its exercise does not explain."""

    async def unknown(stage):
        stage.report("no_such", "something")

    verdict = verdict_on(RIGHT, scenarios=(Scenario("unknown", "We looked.", unknown),))

    assert verdict.verdict == "unclear"


@pytest.mark.parametrize(
    ("source", "bug", "words"),
    [
        ("def answer(question:\n    return 1\n", "does_not_compile", "line 1"),
        ("import no_such_package\n" + RIGHT, "missing_import", "no_such_package"),
        ("def reply(question):\n    return question.upper()\n", "not_asked", "`answer`"),
        ("class answer:\n    def go(self): return 1\n", "not_asked", "is a class"),
        ("class answer:\n    def __init__(self, question): ...\n", "not_asked", "is a class"),
        ("answer = 7\n", "not_asked", "is a int"),
        (body("while True:", "    pass"), "blocks", "of the cell, in answer has computed"),
        (body("import asyncio", "await asyncio.Event().wait()"), "never_ends", "could not go on"),
        (body("import sys", "sys.exit(3)"), "exits", "sys.exit() at line 3"),
        (body("import subprocess", "subprocess.run(['true'])"), "reaches_outside", "Popen"),
        (body("raise MemoryError"), "memory", "MemoryError"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else None,
)
def test_what_needs_no_grader_has_its_own_verdict(source, bug, words):
    """Each way of not getting that far has a name and a sentence of its own."""
    verdict = verdict_on(source)

    assert (verdict.verdict, verdict.bug) == ("incorrect", bug)
    assert words in verdict.saw
    assert all((verdict.did, verdict.expected, verdict.next, verdict.link))


def test_what_the_code_prints_is_shown_and_bounded():
    """A megabyte of output is counted, not shown."""
    verdict = verdict_on(body("print('x' * 1_000_000)", "return question"))

    assert verdict.bug == "small"
    assert "Your code printed" in verdict.notes[-1]
    assert "characters more" in verdict.notes[-1]
    assert len(verdict.text) < 4_000


def test_each_seed_gives_a_verdict_alone():
    """A wrong solution can be asked what every seed says about it."""
    assert {one.bug for one in judged_by_seed(sample(), Submission(SMALL))} == {"small"}
    assert len(judged_by_seed(sample(), Submission(SMALL))) == 20


def test_every_scenario_is_tried_before_the_second_seed():
    """The first verdict comes soon: seed 1 for all, then the others."""
    first, second = sample().scenarios
    begin = [*order((first, second))][:4]

    assert begin == [(first, 1), (second, 1), (first, 2), (second, 2)]


def test_two_processes_share_nothing():
    """`stage.fresh()` executes the definitions again: module-level names are not shared."""

    async def twice(stage):
        one, two = stage.fresh(), stage.fresh()
        one.seen.append(1)
        if two.seen:
            stage.report("small", "the second process has seen what the first did")

    source = "seen = []\n" + RIGHT
    assert verdict_on(source, scenarios=(Scenario("two", "Two processes.", twice),)).passed


def test_what_a_played_task_raises_ends_the_scenario():
    """A background task of the learner's cannot fail in silence."""

    async def plays(stage):
        stage.play(stage.given.answer("x"))
        await asyncio.sleep(50)
        stage.report("small", "nobody noticed")

    source = body("raise ValueError(question)")
    verdict = verdict_on(source, scenarios=(Scenario("play", "We played it.", plays),))

    assert verdict.bug == "raised"
    assert verdict.run.time < 1


def tasks():
    """How many tasks there are in this process, of whatever loop."""
    return sum(isinstance(each, asyncio.Task) for each in gc.get_objects())


def test_verdicts_leave_nothing_behind():
    """What runs leave behind is collected, so that a long evening of checks stays as fast."""
    verdict_on(RIGHT)
    before = tasks()
    for _ in range(3):
        verdict_on(RIGHT)

    assert tasks() <= before


def test_a_sleep_too_short_to_move_the_clock_still_lets_time_pass():
    """`while now < due: sleep(due - now)` comes to its end, whatever rounding leaves over."""

    async def waits(stage):
        while stage.clock.time() < 40.8:
            await stage.clock.sleep(max(1e-17, (40.8 - stage.clock.time()) / 3))

    assert verdict_on(RIGHT, scenarios=(Scenario("waiting", "We waited.", waits),)).passed
