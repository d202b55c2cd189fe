"""The client's half of M4: what its grader says beyond the solutions that lie beside it."""

from __future__ import annotations

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.matrix import bug_of
from labs.exercises.spot import spotted
from labs.exercises.submission import Submission

M4 = exercise("m4.check")

PURE = """
from labs.websocket.handshake import check

def check_answer(response, key):
    check(response, key)
"""
COUNTED = """
from collections import Counter
from labs.errors import HandshakeError
from labs.websocket.handshake import accept

def check_answer(response, key):
    names = Counter(name.lower() for name, _ in response.headers)
    fields = {name.lower(): value for name, value in response.headers}
    wanted = {"upgrade": "websocket", "connection": "upgrade"}
    if any(word not in [x.strip() for x in fields.get(name, "").lower().split(",")]
           for name, word in wanted.items()):
        raise HandshakeError("no switch")
    if names["sec-websocket-accept"] != 1 or fields["sec-websocket-accept"] != accept(key):
        raise HandshakeError("another accept value")
    unasked = names["sec-websocket-protocol"] + names["sec-websocket-extensions"]
    if response.status != 101 or unasked:
        raise HandshakeError("not what was asked for")
    return response
"""


def verdict_on(source):
    """The verdict on a source."""
    return judge(M4, Submission(source, "<exercise m4.check>"))


@pytest.mark.parametrize("source", [PURE, COUNTED], ids=["the lab's own check", "counting"])
def test_solutions_that_nobody_thought_of_are_right(source):
    """What a check returns is nobody's business, as long as it raises where it must."""
    verdict = verdict_on(source)
    assert verdict.passed, verdict.text


@pytest.mark.parametrize("name", M4.solutions("wrong"))
def test_each_wrong_solution_is_met_by_its_name(name):
    """The first seed is enough to name the mistake, and the text says when it showed itself."""
    verdict = verdict_on(M4.solutions("wrong")[name])
    assert (verdict.verdict, verdict.bug) == ("incorrect", bug_of(name))
    assert verdict.saw.endswith(" s)")
    assert "`check_answer`" in verdict.saw


def test_whoever_is_believed_wrongly_gets_a_bid():
    """The picture points at the bid that was sent to somebody who never read the request."""
    verdict = verdict_on(M4.solutions("wrong")["accept_unchecked"])
    sent = next(m for m in verdict.run.messages if m.number == verdict.run.shown.mark)
    assert (sent.sender, sent.payload) == ("bidder", b"bid 100")


def test_a_check_that_only_prints_has_let_everybody_in():
    """What it printed is shown, and the bug is that nothing was raised."""
    verdict = verdict_on(
        "def check_answer(response, key):\n"
        "    if response.status != 101:\n        print('no 101')\n"
    )
    assert verdict.bug == "status_unchecked"
    assert any("no 101" in note for note in verdict.notes)


def test_the_spot_is_answered_by_its_line_and_its_repair():
    """Naming the line says why; the known repair passes every scenario."""
    assert "compared with itself" in " ".join(spotted(M4, 8, {}).answer.split())
    assert "may stay as it is" in spotted(M4, 9, {}).answer
    repair = {edit["line"]: edit["text"] for edit in M4.spot["repair"]}
    assert "1 line changed" in spotted(M4, None, repair).answer


def test_the_starter_is_no_attempt():
    """Untouched, it is neither right nor wrong."""
    assert verdict_on(M4.starter).verdict == "not_attempted"
