"""The graders of M6 before code that no file of theirs holds: unusual, hostile, or cut short."""

from __future__ import annotations

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission
from labs.exercises.verdict import Verdict

HEARTBEAT = exercise("m6.heartbeat")
RECONNECTOR = exercise("m6.reconnector")
BEAT = HEARTBEAT.solutions("right")["step_by_step"]
LOOP = RECONNECTOR.solutions("right")["loop"]


def beat(*edits: tuple[str, str]) -> Verdict:
    """The verdict on the official heartbeat with some of its words exchanged."""
    return judge(HEARTBEAT, Submission(edited(BEAT, edits), "<heartbeat>"))


def loop(*edits: tuple[str, str]) -> Verdict:
    """The verdict on the official reconnector with some of its words exchanged."""
    return judge(RECONNECTOR, Submission(edited(LOOP, edits), "<reconnector>"))


def edited(source: str, edits: tuple[tuple[str, str], ...]) -> str:
    """The source with each of these edits, which must find their place."""
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


CLEANS_UP = """\
    async def run(self):
        try:
            await self.beat()
        finally:
            if self.line.open:
                self.line.close(1001)

    async def beat(self):
"""


@pytest.mark.parametrize(
    "edits",
    [
        [("    async def run(self):\n", CLEANS_UP)],
        [("self.line.ping(self.unanswered)", "await self.line.ping(bytearray(self.unanswered))")],
        [("    def message(self, text):", "    async def message(self, *_):")],
        [('b"%d" % number', "self.clock.time().hex().encode()")],
        [("idle / 2", "idle / 3")],
    ],
    ids=["cleans up when cancelled", "awaits a ping", "async, stars", "time as payload", "a third"],
)
def test_a_heartbeat_may_be_written_in_many_ways(edits):
    """What the contract leaves open is open."""
    assert beat(*edits).passed


def test_a_payload_as_text_is_the_learners_error_with_its_line():
    """`ping` takes bytes; the verdict shows who gave it something else."""
    verdict = beat(("self.line.ping(self.unanswered)", "self.line.ping(str(number))"))

    assert verdict.bug == "raised"
    assert "TypeError: the payload of a ping is bytes, not str" in verdict.saw


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        (
            [
                (", idle=None):", "):"),
                ("min(interval, idle / 2) if idle else interval", "interval"),
            ],
            "5 arguments: too many",
        ),
        ([("    def pong(self, payload):", "    def pong(self):")], "`Heartbeat.pong` cannot be"),
        ([("    def message(self, text):", "    def said(self, text):")], "no method `message`"),
    ],
)
def test_another_form_than_the_asked_one_is_told_in_a_sentence(edits, says):
    """A constructor or a callback that does not fit is not our crash."""
    verdict = beat(*edits)

    assert verdict.bug == "not_asked"
    assert says in verdict.saw


def test_two_mistakes_are_told_one_after_the_other():
    """The one that shows itself first is named; with it mended, the other."""
    code = ("self.line.close(1011)", "self.line.close(1000)")
    traffic = ("        pass\n", "        self.unanswered = None\n")

    assert beat(code, traffic).bug == "wrong_code"
    assert beat(traffic).bug == "any_traffic"


def test_the_same_code_gets_the_same_verdict_word_for_word():
    """Nothing in a verdict depends on when or how often it was asked for."""
    traffic = ("        pass\n", "        self.unanswered = None\n")
    first, second = beat(traffic), beat(traffic)

    assert first.text == second.text
    assert first.diagram == second.diagram


@pytest.mark.parametrize(
    "edits",
    [
        [("self.rng.uniform(0, min(", "self.rng.random() * (min(")],
        [("except OSError:", "except (OSError, ValueError):")],
        [("    def online(self):", "    async def online(self):")],
        [("2**self.failures", "2 ** min(self.failures, 30)")],
    ],
    ids=["random times the ceiling", "more errors", "async online", "no endless power"],
)
def test_a_reconnector_may_be_written_in_many_ways(edits):
    """What the contract leaves open is open."""
    assert loop(*edits).passed


def test_what_cancelling_at_the_end_sets_off_is_not_judged():
    """A loop that takes a cancelled wait for the end of it dials once more, after the run."""
    woken = ("with suppress(TimeoutError):", "with suppress(TimeoutError, asyncio.CancelledError):")

    assert loop(woken).passed


def test_an_error_that_is_not_caught_is_the_learners_with_its_line():
    """`connect()` raises OSError, and who does not expect it is shown where."""
    verdict = loop(("except OSError:", "except KeyError:"))

    assert verdict.bug == "raised"
    assert "line = await self.connect()" in verdict.saw


def test_a_handler_that_is_none_is_the_learners_error():
    """`on_message` takes a function."""
    verdict = loop(("line.on_message(self.handler)", "line.on_message(None)"))

    assert verdict.bug == "raised"
    assert "TypeError: a handler is a function, not NoneType" in verdict.saw
