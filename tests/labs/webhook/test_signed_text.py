"""The signed text of each scheme, and what a hostile request does to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import EnvelopeError, LabError
from labs.webhook.providers import PROVIDERS
from labs.webhook.signed_text import Post, join, pieces, trouble

STRIPE, TWILIO = PROVIDERS["stripe"].signature[0], PROVIDERS["twilio"].signature[0]
SQUARE, SLACK = PROVIDERS["square"].signature[0], PROVIDERS["slack"].signature[0]


def test_the_text_is_put_together_as_the_sender_says():
    """Byte for byte: a version, a time and the body for Slack; a time and the body for Stripe."""
    slack = Post((("X-Slack-Request-Timestamp", "1531420618"),), b"token=xyz")
    stripe = Post((("stripe-signature", "t=17,v1=ab"),), b"{}")

    assert join(pieces(SLACK, slack)) == b"v0:1531420618:token=xyz"
    assert pieces(STRIPE, stripe) == [("time", b"17"), ("", b"."), ("body", b"{}")]
    assert join(pieces(SQUARE, Post((), b"{}"), {"url": "https://a.example/"})) == (
        b"https://a.example/{}"
    )


def test_a_form_is_signed_by_its_fields():
    """Twilio sorts the names, and the values of a name that is there twice."""
    ours = {"url": "https://a.example/"}
    post = Post((), b"b=2&a=x&b=1&b=2&empty=")

    assert join(pieces(TWILIO, post, ours)) == b"https://a.example/axb1b2empty"


@pytest.mark.parametrize(
    ("body", "url", "says"),
    [
        (b"\xff\xfe=", "https://a.example/", "not a form"),
        (b"&".join([b"a=1"] * 1001), "https://a.example/", "not a form"),
        (b"{}", "https://a.example/?bodySHA256=00", "whose hash stands in the URL"),
    ],
)
def test_what_is_no_form_is_refused(body, url, says):
    """Bytes that are no text, too many fields, JSON whose hash is another: one sentence each."""
    with pytest.raises(EnvelopeError, match=says):
        pieces(TWILIO, Post((), body), {"url": url})


@pytest.mark.parametrize("header", ["v1=ab", "t=1,t=2,v1=ab", ""])
def test_a_time_must_be_there_once(header):
    """No time, or two of them: which one was signed?"""
    with pytest.raises(EnvelopeError, match="must be there once"):
        pieces(STRIPE, Post((("Stripe-Signature", header),), b"{}"))


def test_what_only_we_know_is_asked_for():
    """A scheme that signs the URL says so when it is not given."""
    with pytest.raises(LabError, match="this scheme signs the url"):
        pieces(SQUARE, Post((), b"{}"))


@pytest.mark.parametrize(
    ("signed", "now", "wrong"),
    [
        ({}, 0, ""),
        ({"time": "100"}, 400, ""),
        ({"time": "100"}, 401, "sent 301 s ago by our clock"),
        ({"time": "1700000000000"}, 1_700_000_000, "sent nan s ago by our clock"),
        ({"time": "2026-01-01T00:00:00Z"}, 1_767_225_600, ""),
        ({"time": "2026-01-01T00:00:00"}, 1_767_225_600, "sent nan s ago by our clock"),
        ({"id": "msg.1"}, 0, "its id could end elsewhere: the signed text would have two readings"),
        ({"id": ""}, 0, "its id could end elsewhere: the signed text would have two readings"),
    ],
)
def test_trouble_is_one_sentence(signed, now, wrong):
    """Too old, milliseconds, a date without a zone, an id with a dot: each is told."""
    assert trouble(signed, now, 300) == wrong


@given(st.text(), st.floats())
def test_no_time_is_believed_by_accident(time, now):
    """Whatever stands there as a time, the answer is a sentence or nothing, never an error."""
    assert isinstance(trouble({"time": time}, now, 300), str)


def test_a_header_is_replaced_where_it_stands():
    """Another value keeps the place, None takes the header out, a new one comes last."""
    post = Post((("A", "1"), ("B", "2"), ("a", "3")), b"")

    assert post.with_header("a", "9").headers == (("a", "9"), ("B", "2"))
    assert post.with_header("B", None).headers == (("A", "1"), ("a", "3"))
    assert post.with_header("C", "4").headers[-1] == ("C", "4")
