"""The tutor's protocol as values: every message there and back, and hostile text."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.tutor import codes, protocol
from course.tutor.members import MessageError
from course.tutor.protocol import (
    Ask,
    Citation,
    Delta,
    Done,
    Error,
    Feedback,
    Refused,
    Resume,
    Start,
    Stop,
    Usage,
    formatted,
    parse_down,
    parse_up,
)

UP = [
    (Ask("q1", "Why?"), '{"type": "ask", "id": "q1", "question": "Why?", "mode": "explain"}'),
    (
        Ask("q1", "Why?", "hint", {"code": "x = 1", "attempts": 0}),
        ('{"type": "ask", "id": "q1", "question": "Why?", "mode": "hint", '
        '"context": {"code": "x = 1", "attempts": 0}}'),
    ),
    (Stop("q1"), '{"type": "stop", "id": "q1"}'),
    (Resume(0), '{"type": "resume", "last_seq": 0}'),
    (Resume(7), '{"type": "resume", "last_seq": 7}'),
    (Feedback("q1", "up"), '{"type": "feedback", "id": "q1", "vote": "up"}'),
    (
        Feedback("q1", "down", "Too short"),
        '{"type": "feedback", "id": "q1", "vote": "down", "reason": "Too short"}',
    ),
]  # fmt: skip
DOWN = [
    (Start("q1", 1), '{"type": "start", "id": "q1", "seq": 1}'),
    (Delta("Ä [1]", 2), '{"type": "delta", "text": "Ä [1]", "seq": 2}'),
    (
        Citation(1, "06#ping", "Ping", "/lessons/06_liveness/#ping", 3),
        ('{"type": "citation", "n": 1, "id": "06#ping", "title": "Ping", '
        '"url": "/lessons/06_liveness/#ping", "seq": 3}'),
    ),
    (
        Refused("off_topic", ("Why?",), 4),
        '{"type": "refused", "reason": "off_topic", "suggestions": ["Why?"], "seq": 4}',
    ),
    (
        Done(Usage("model", "small", 3, 40, "2026-11-26T00:00:00+00:00"), ("And?",), False, 5),
        ('{"type": "done", "usage": {"source": "model", "model": "small", "left": 3, "of": 40, '
        '"resets": "2026-11-26T00:00:00+00:00"}, "followups": ["And?"], "seq": 5}'),
    ),
    (
        Error("busy", "Wait.", 1.5, "q2"),
        '{"type": "error", "code": "busy", "message": "Wait.", "retry_after": 1.5, "id": "q2"}',
    ),
    (Error("malformed"), '{"type": "error", "code": "malformed"}'),
]  # fmt: skip


@pytest.mark.parametrize(("message", "text"), UP, ids=lambda each: str(each)[:30])
def test_what_goes_up_is_read_as_it_was_written(message, text):
    """The text is the message's, and the message the text's."""
    assert formatted(message) == text
    assert parse_up(text) == message


@pytest.mark.parametrize(("message", "text"), DOWN, ids=lambda each: str(each)[:30])
def test_what_comes_down_is_read_as_it_was_written(message, text):
    """A client in Python reads what the service writes."""
    assert formatted(message) == text
    assert parse_down(text) == message


def test_members_that_are_not_known_are_ignored():
    """A newer peer may say more without a new version."""
    assert parse_up('{"type": "stop", "id": "q1", "why": {"deep": [1]}}') == Stop("q1")
    text = '{"type": "done", "usage": {"source": "course", "tokens": 7}, "mood": "good"}'
    assert parse_down(text) == Done()


def test_directions_are_kept_apart():
    """What the tutor sends cannot be sent to it, nor the other way round."""
    with pytest.raises(MessageError, match="`type` must be one of `ask`"):
        parse_up('{"type": "start", "id": "q1"}')
    with pytest.raises(MessageError, match="`type` must be one of `start`"):
        parse_down('{"type": "stop", "id": "q1"}')


def test_a_message_fits_as_long_as_its_bytes_do():
    """The limit counts bytes of UTF-8, not characters."""
    room = protocol.LONGEST_MESSAGE - len('{"type": "stop", "id": "q", "x": ""}')
    assert parse_up('{"type": "stop", "id": "q", "x": "' + "x" * room + '"}') == Stop("q")
    with pytest.raises(MessageError) as refused:
        parse_up('{"type": "stop", "id": "q", "x": "' + "ä" * room + '"}')
    assert refused.value.code == "too_large"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted({each.name for kind in protocol.UP for each in fields(kind)})


@given(
    st.sampled_from([*protocol.BY_TYPE, "", "Ask"]),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
)
def test_whatever_is_sent_is_a_message_or_a_sentence(message_type, members):
    """Nothing but MessageError comes out of the parser, and what passes is written again."""
    known = {each.code for each in codes.ERRORS}
    try:
        message = parse_up(json.dumps({"type": message_type, **members}))
        ends_well = parse_up(formatted(message)) == message
    except MessageError as why:
        ends_well = bool(why.says) and why.code in known

    assert ends_well


@given(st.text())
def test_whatever_text_is_sent_is_no_traceback(text):
    """Text that is no JSON ends in MessageError."""
    with pytest.raises(MessageError):
        parse_up(text)


def test_every_member_says_what_it_is():
    """The page of the protocol is made from the metadata, so nothing may lack it."""
    for kind in (*protocol.UP, *protocol.DOWN):
        assert kind.__doc__.endswith(".")
        for each in fields(kind):
            assert each.metadata["says"], (kind, each.name)
            assert each.metadata["check"].form


def test_close_codes_are_ours_to_use():
    """Private ones lie from 4000 to 4999 and mirror HTTP; after a 44xx nobody comes by himself."""
    ours = [each for each in codes.CLOSES if each.code >= 4000]
    assert [each.code - 4000 for each in ours] == [401, 403, 429]
    assert not any(each.reconnects for each in ours)
