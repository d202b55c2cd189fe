"""The server's half of M4: what its grader says beyond the solutions that lie beside it."""

from __future__ import annotations

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.matrix import bug_of
from labs.exercises.submission import Submission

M4 = exercise("m4.handshake")

PURE = """
from labs.websocket.handshake import answer
from labs.websocket.head import parse_request

def handshake(received, subprotocols=()):
    request = parse_request(received)
    return request and (answer(request, subprotocols=subprotocols), received[request.size:])
"""
H11 = """
import base64, hashlib, h11
from labs.errors import HandshakeError
from labs.websocket.head import Response

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

def refuse(status, why="refused"):
    raise HandshakeError(why, "RFC 6455 4.2", status)

async def handshake(received, subprotocols=()):
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=65_535)
    try:
        connection.receive_data(received)
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        refuse(error.error_status_hint, str(error))
    if event is h11.NEED_DATA:
        return None
    if event.http_version != b"1.1":
        refuse(505)
    if event.method != b"GET":
        refuse(405)

    def listed(name):
        values = [value.decode("latin-1") for field, value in event.headers if field == name]
        return [item.strip() for value in values for item in value.split(",")]

    if "websocket" not in map(str.lower, listed(b"upgrade")):
        refuse(426)
    if "upgrade" not in map(str.lower, listed(b"connection")):
        refuse(426)
    if listed(b"sec-websocket-version") != ["13"]:
        refuse(426)
    keys = listed(b"sec-websocket-key")
    try:
        assert len(keys) == 1 and len(base64.b64decode(keys[0], validate=True)) == 16
    except (AssertionError, ValueError):
        refuse(400)
    digest = base64.b64encode(hashlib.sha1(keys[0].encode() + GUID).digest())
    headers = [["Upgrade", "websocket"], ["Connection", "Upgrade"]]
    headers.append(["Sec-WebSocket-Accept", digest.decode()])
    offers = [name for name in listed(b"sec-websocket-protocol") if name in subprotocols]
    headers += [["Sec-WebSocket-Protocol", name] for name in offers[:1]]
    end = received.index(b"\\r\\n\\r\\n") + 4
    return Response(101, "", headers), memoryview(received)[end:]
"""


def verdict_on(source):
    """The verdict on a source."""
    return judge(M4, Submission(source, "<exercise m4.handshake>"))


@pytest.mark.parametrize("source", [PURE, H11], ids=["the lab's own answer", "h11"])
def test_solutions_that_nobody_thought_of_are_right(source):
    """Another parser, lists for pairs, a view for bytes: what counts is what the wire carries."""
    verdict = verdict_on(source)
    assert verdict.passed, verdict.text


@pytest.mark.parametrize("name", M4.solutions("wrong"))
def test_each_wrong_solution_is_met_by_its_name(name):
    """The first seed is enough to name the mistake, and the text says when it showed itself."""
    verdict = verdict_on(M4.solutions("wrong")[name])
    assert (verdict.verdict, verdict.bug) == ("incorrect", bug_of(name))
    assert verdict.saw.endswith(" s)")


def test_a_lost_frame_is_marked_in_the_picture():
    """The verdict points at the bid that nobody heard, in the packet of the request."""
    verdict = verdict_on(M4.solutions("wrong")["drops_what_follows"])
    lost = next(m for m in verdict.run.messages if m.number == verdict.run.shown.mark)
    assert (lost.sender, lost.payload) == ("bidder", b"bid 100")


def test_a_refusal_goes_over_the_wire_with_its_status():
    """The picture shows the 400 that was raised where the contract asks for 505."""
    verdict = verdict_on(M4.solutions("wrong")["wrong_status"])
    assert "asks for 505" in verdict.saw
    assert "auction --> bidder   400 Bad Request" in verdict.diagram


def test_their_own_exception_is_shown_with_their_line():
    """Where a lawful request surprises the code, its line and Python's words stand in the text."""
    verdict = verdict_on(M4.solutions("wrong")["colon_in_value"])
    assert "ValueError: too many values to unpack" in verdict.saw
    assert 'name, value = line.split(":")' in verdict.saw


@pytest.mark.parametrize(
    ("source", "bug", "says"),
    [
        ("def handshake(received):\n    return 1\n", "not_asked", "2 arguments"),
        ("class handshake:\n    x = 1\n    def f(self):\n        return 2\n", "not_asked", "class"),
        ("def handshake(received, subprotocols=()):\n    return received['x']\n", "raised", "x"),
        ("def handshake(received, subprotocols=()):\n    return True\n", "wrong_form", "bool True"),
    ],
)
def test_what_is_no_handshake_at_all_gets_a_sentence(source, bug, says):
    """Another signature, a class, a slip in the first line, a bare True."""
    verdict = verdict_on(source)
    assert verdict.bug == bug
    assert says in verdict.saw


def test_the_starter_is_no_attempt():
    """Untouched, it is neither right nor wrong."""
    assert verdict_on(M4.starter).verdict == "not_attempted"
