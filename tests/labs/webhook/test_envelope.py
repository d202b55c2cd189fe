"""The envelope of a webhook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from labs.errors import EnvelopeError
from labs.webhook import envelope as envelopes
from labs.webhook.envelope import Envelope, Event

BODY = b'{"type":"bid.paid","timestamp":"2026-01-01T00:00:00Z","data":{"lot":7}}'
HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1767225600"}


def test_envelope_and_request_are_the_same_thing():
    """An envelope parses from the headers and body that it serializes to."""
    envelope = Envelope("msg_1", 1767225600, BODY)
    headers, body = envelopes.serialize(envelope, "v1,one", "v1,two")

    assert headers == {
        "content-type": "application/json",
        **HEADERS,
        "webhook-signature": "v1,one v1,two",
    }
    assert envelopes.parse(headers, body) == envelope


def test_header_names_have_no_case():
    """Names are compared without regard to case, in a mapping and in a list of pairs."""
    loud = {name.upper(): value for name, value in HEADERS.items()}

    assert envelopes.parse(loud, b"") == envelopes.parse(list(HEADERS.items()), b"")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("webhook-id", "", "visible characters"),
        ("webhook-id", "msg.1", "without a dot"),
        ("webhook-id", "msg 1", "visible characters"),
        ("webhook-id", "mésg", "visible characters"),
        ("webhook-id", "a" * 257, "1 to 256"),
        ("webhook-timestamp", "", "count of seconds"),
        ("webhook-timestamp", "-1", "count of seconds"),
        ("webhook-timestamp", "1.5", "count of seconds"),
        ("webhook-timestamp", "1767225600\n", "count of seconds"),
        ("webhook-timestamp", "١٢٣", "count of seconds"),
        ("webhook-timestamp", "9" * 5000, "count of seconds"),
    ],
)
def test_broken_headers_are_refused(name, value, says):
    """A header that is not what the contract promises raises EnvelopeError, and is not echoed."""
    with pytest.raises(EnvelopeError, match=says) as caught:
        envelopes.parse({**HEADERS, name: value}, BODY)

    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("name", HEADERS)
def test_each_header_must_be_there_once(name):
    """A header that is missing, or there twice, is refused: which one was signed?"""
    twice = CIMultiDict(HEADERS)
    twice.add(name.title(), "1")
    with pytest.raises(EnvelopeError, match="it is there 2 times"):
        envelopes.parse(twice, BODY)
    with pytest.raises(EnvelopeError, match="it is there 0 times"):
        envelopes.parse({key: value for key, value in HEADERS.items() if key != name}, BODY)


def test_event_is_read_from_the_body():
    """The body says what happened, when, and the facts."""
    event = envelopes.event(Envelope("msg_1", 0, BODY))

    assert event == Event("bid.paid", "2026-01-01T00:00:00Z", {"lot": 7})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"type":"x"}',
        b'{"type":1,"timestamp":"x","data":{}}',
        b"[" * 100_000,
        b"9" * 5000,
        b'{"type":"x","timestamp":"x","data":[]}',
    ],
)
def test_body_that_is_no_event_is_refused(body):
    """A body that is not the JSON of an event raises EnvelopeError and nothing else."""
    with pytest.raises(EnvelopeError):
        envelopes.event(Envelope("msg_1", 0, body))


@given(st.dictionaries(st.sampled_from(list(HEADERS)), st.text(max_size=30)), st.binary())
def test_random_requests_are_parsed_or_refused(headers, body):
    """Whatever the headers and the body, only EnvelopeError comes out."""
    try:
        envelope = envelopes.parse({**HEADERS, **headers}, body)
        envelopes.event(envelope)
    except EnvelopeError:
        return
    assert envelopes.parse(envelopes.serialize(envelope)[0], body) == envelope
