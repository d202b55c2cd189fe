"""`m11.receive`: solutions that nobody has on file, and what is said to some of them."""

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission

ABOUT = exercise("m11.receive")
RIGHT = ABOUT.official_solution()
NO_EVENT = ("no_status", "logs_secrets")  # nothing in the picture shows these

WITH_ITS_OWN_EYES = """
import asyncio, json
from http import HTTPStatus
from labs.errors import InvalidSignature
from labs.webhook import signature

def is_event(body):
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and {"type", "timestamp", "data"} <= told.keys()

async def read(stream, most):
    taken, stream = [], aiter(stream)
    while most >= 0:
        try:
            taken.append(await anext(stream))
        except StopAsyncIteration:
            return b"".join(taken)
        most -= len(taken[-1])
    return None

async def receive(request):
    match request.method:
        case "POST":
            pass
        case _:
            return HTTPStatus.METHOD_NOT_ALLOWED
    if int(request.headers.get("content-length", "0")) > 2**16:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = await read(request.body, 2**16)
    if body is None:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    try:
        sent = signature.verify(request.headers, body, request.app.secret, request.app.clock.time())
    except InvalidSignature:
        return HTTPStatus.UNAUTHORIZED
    async def put_away():
        if not is_event(body):
            await request.app.store.keep(sent.id, body)
            await request.app.store.set_aside(sent.id, body, "no event")
            return
        await request.app.store.keep(sent.id, body)
        await request.app.queue.put(sent.id)
    try:
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(put_away())), 2.8)
    except (OSError, asyncio.TimeoutError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.ACCEPTED
"""

AN_OBJECT = """
from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook.envelope import event
from labs.webhook.signature import verify

class Receiver:
    limit = 65536
    async def __call__(self, request):
        if request.method != "POST": return 405
        body = bytearray()
        async for b in request.body:
            body += b
            if len(body) > self.limit: return 413
        body = bytes(body)
        try:
            e = verify(request.headers, body, (request.app.secret,), request.app.clock.time())
        except InvalidSignature: return 401
        try:
            event(e)
        except EnvelopeError as why:
            await request.app.store.set_aside(e.id, body, why)   # raises what it raises
            return 200
        await request.app.store.keep(e.id, e.body)
        await request.app.queue.put(e.id)
        return 204

receive = Receiver()
"""

TRIES_THREE_TIMES = """
from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook.envelope import event
from labs.webhook.signature import verify
async def receive(request):
    if request.method != "POST":
        return 405
    body = b""
    async for p in request.body:
        body = body + p
        if len(body) > 65536:
            return 413
    app = request.app
    for attempt in range(3):
        try:
            e = verify(request.headers, body, app.secret, app.clock.time())
            if not await app.store.keep(e.id, body):
                app.log("again")
            try: event(e)
            except EnvelopeError as x:
                await app.store.set_aside(e.id, body, str(x))
                return 200
            await app.queue.put(e.id)
            return 200
        except InvalidSignature:
            return 401
        except ConnectionError:
            continue
    return 503
"""


def verdict_on(source):
    """What the grader says."""
    return judge(ABOUT, Submission(source))


@pytest.mark.parametrize("source", [WITH_ITS_OWN_EYES, AN_OBJECT, TRIES_THREE_TIMES])
def test_unusual_and_right(source):
    """A class, a parser of one's own, a shielded task, a loop of attempts: behaviour decides."""
    assert verdict_on(source).passed


@pytest.mark.parametrize(
    ("was", "instead", "bug"),
    [
        ("        return 503\n", "        raise\n", None),
        ("        return 503\n", "        return 500\n", None),
        ("            return 202\n", "            return 204\n", None),
        ("        return 503\n", "        return 404\n", "says_yes_anyway"),
        ("        return 401\n", "        raise\n", "wrong_refusal"),
        ("len(body) > LIMIT", "len(body) > 1000", "limit_off"),
        ("app.clock.time())", "0)", "turned_away"),
        ('request.method != "POST"', "False", "method_ignored"),
    ],
)
def test_one_change_to_a_right_one(was, instead, bug):
    """What the contract leaves open passes, what it does not is met by name."""
    assert RIGHT.count(was) == 1

    assert verdict_on(RIGHT.replace(was, instead)).bug == bug


def test_every_wrong_one_is_shown_where_it_went_wrong():
    """The picture points at an event, unless there is none to point at; and nothing is long."""
    for name, source in ABOUT.solutions("wrong").items():
        verdict = verdict_on(source)
        pointed = verdict.run.shown.mark is not None

        assert pointed or verdict.bug in NO_EVENT, name
        assert len(verdict.saw) < 200, name


def test_the_same_verdict_twice():
    """Text and picture are the same, byte by byte."""
    source = ABOUT.solutions("wrong")["drops_retries"]

    assert repr(verdict_on(source)) == repr(verdict_on(source))


def test_a_learners_own_error_is_shown_with_the_line():
    """`read` is no method of this request, and that is what is said."""
    verdict = verdict_on("async def receive(request):\n    return await request.read()\n")

    assert verdict.bug == "raised"
    assert "line 2, in receive" in verdict.saw
    assert "has no attribute 'read'" in verdict.saw


def test_a_body_that_is_no_bytes_is_refused_with_a_sentence():
    """The store takes bytes, and says so to whoever hands it text."""
    verdict = verdict_on(
        RIGHT.replace("store.keep(envelope.id, body)", "store.keep(envelope.id, '')")
    )

    assert "a body is bytes; these are str and str" in verdict.saw
