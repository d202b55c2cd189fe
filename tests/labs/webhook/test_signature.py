"""The signature of a webhook, and the standardwebhooks library as oracle."""

import base64
from datetime import UTC, datetime
from unittest import mock

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import InvalidSignature, LabError
from labs.webhook import envelope as envelopes
from labs.webhook import signature
from labs.webhook.envelope import Envelope

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
OTHER = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7"
NOW = 1767225600
ENVELOPE = Envelope("msg_1", NOW, b'{"type":"bid.paid"}')


def delivery(*signatures, **headers):
    """The headers and body of a delivery, signed with SECRET unless said otherwise."""
    signed, body = envelopes.serialize(
        ENVELOPE, *(signatures or [signature.sign(ENVELOPE, SECRET)])
    )
    return {**signed, **{name.replace("_", "-"): value for name, value in headers.items()}}, body


def test_what_was_signed_is_verified():
    """A request signed with the secret gives its envelope."""
    assert signature.verify(*delivery(), SECRET, NOW) == ENVELOPE
    assert signature.verify(*delivery(), [OTHER, SECRET], NOW) == ENVELOPE


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_two_signatures_let_a_secret_be_replaced(secret):
    """While both secrets sign, either verifies."""
    both = [signature.sign(ENVELOPE, OTHER), signature.sign(ENVELOPE, SECRET)]

    assert signature.verify(*delivery(*both), secret, NOW) == ENVELOPE


@pytest.mark.parametrize("broken", ["v1,", "v1", "v2,abcd", "v1a,abcd", "v1,%%%", "v1,é", ","])
def test_broken_signature_beside_a_right_one_is_passed_over(broken):
    """What we cannot read is for somebody else; one right signature is enough."""
    both = [broken, signature.sign(ENVELOPE, SECRET)]

    assert signature.verify(*delivery(*both), SECRET, NOW) == ENVELOPE
    with pytest.raises(InvalidSignature):
        signature.verify(*delivery(broken), SECRET, NOW)


@pytest.mark.parametrize("skew", [-300, 0, 300])
def test_clocks_may_differ_by_five_minutes(skew):
    """Exactly the tolerance passes, into the past and into the future."""
    assert signature.verify(*delivery(), SECRET, NOW + skew) == ENVELOPE


@pytest.mark.parametrize("now", [NOW - 301, NOW + 301, NOW + 300.001, float("nan")])
def test_older_or_newer_is_refused(now):
    """A right signature at a wrong time is a replay."""
    with pytest.raises(InvalidSignature, match="by our clock"):
        signature.verify(*delivery(), SECRET, now)


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_id": "msg_2"},
        {"webhook_timestamp": str(NOW + 1)},
        {"webhook_timestamp": "now"},
        {"webhook_signature": ""},
        {"webhook_signature": signature.sign(ENVELOPE, OTHER)},
        {"webhook_signature": "v1," + "A" * 5_000_000},
        {"Webhook_Signature": "v1,twice"},
    ],
)
def test_changed_headers_are_refused(headers):
    """Id, time and signature belong together."""
    changed, body = delivery(**headers)
    with pytest.raises(InvalidSignature) as caught:
        signature.verify(changed, body, SECRET, NOW)

    assert len(str(caught.value)) < 120
    assert SECRET not in str(caught.value)


def test_changed_body_is_refused():
    """JSON written anew means the same and is other bytes."""
    headers, body = delivery()
    with pytest.raises(InvalidSignature, match="none of 1 v1 signatures"):
        signature.verify(headers, body.replace(b":", b": "), SECRET, NOW)


def test_no_secret_verifies_nothing():
    """An empty list of secrets lets nobody in."""
    with pytest.raises(InvalidSignature):
        signature.verify(*delivery(), [], NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "whsec_abc", "whsec_é"])
def test_unusable_secret_is_our_own_fault(secret):
    """A secret that is no secret is not the caller's error, and is not shown."""
    with pytest.raises(LabError, match="base64 behind the prefix") as caught:
        signature.verify(*delivery(), secret, NOW)

    assert not isinstance(caught.value, InvalidSignature)


BYTES = st.binary(min_size=24, max_size=64).map(lambda key: base64.b64encode(key).decode())
IDS = st.text(st.characters(codec="ascii", exclude_characters=".", min_codepoint=33), min_size=1)


@given(BYTES, IDS.filter(lambda text: "\x7f" not in text), st.text())
def test_the_library_signs_and_verifies_the_same(secret, webhook_id, body):
    """What the library signs we verify, and what we sign it verifies."""
    library = standardwebhooks.Webhook(secret)
    envelope = Envelope(webhook_id, NOW, body.encode())
    headers, raw = envelopes.serialize(envelope, signature.sign(envelope, secret))

    at = datetime.fromtimestamp(NOW, UTC)
    assert library.sign(webhook_id, at, body) == headers["webhook-signature"]
    assert signature.verify(headers, raw, secret, NOW) == envelope
    with mock.patch("standardwebhooks.webhooks.datetime", wraps=datetime) as clock:
        clock.now.return_value = at
        library.verify(raw, headers, json_parse=False)


HEADER = st.text(max_size=40) | st.sampled_from(
    ["msg_1", str(NOW), "v1,", "v1,AAAA", signature.sign(ENVELOPE, SECRET)]
)
NAMES = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "Webhook-Id"])


@given(st.lists(st.tuples(NAMES, HEADER), max_size=5), st.binary(max_size=50))
def test_random_requests_are_refused_by_one_error(headers, body):
    """Whatever a stranger sends, only InvalidSignature comes out."""
    if body != ENVELOPE.body:
        with pytest.raises(InvalidSignature):
            signature.verify(headers, body, SECRET, NOW)
