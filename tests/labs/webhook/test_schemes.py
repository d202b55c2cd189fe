"""The schemes of real senders, with the vendors' own libraries as oracles."""

import base64
import time
from unittest import mock

import pytest
import standardwebhooks
from cryptography.exceptions import InvalidSignature as Refused
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier
from stripe import SignatureVerificationError, WebhookSignature
from twilio.request_validator import RequestValidator

from labs.errors import InvalidSignature, LabError
from labs.webhook.providers import PROVIDERS
from labs.webhook.schemes import sign, verify
from labs.webhook.signed_text import Post

NOW = 1767225600
SECRET, OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7"
BODY = b'{"type":"bid.paid","data":{"amount":120}}'
OURS = {"url": "https://auction.example/hook", "webhook_id": "1JE60900WN4949519"}
HMAC = {
    f"{name}: {scheme.label}": scheme
    for name, provider in PROVIDERS.items()
    for scheme in provider.signature
    if scheme.algorithm.startswith(("hmac", "none")) and scheme.header
}
STRIPE, SLACK = PROVIDERS["stripe"].signature[0], PROVIDERS["slack"].signature[0]
GITHUB, SHOPIFY = PROVIDERS["github"].signature[0], PROVIDERS["shopify"].signature[0]
STANDARD, ASYMMETRIC = PROVIDERS["standard_webhooks"].signature
TOKEN, GITLAB = PROVIDERS["gitlab"].signature
TWILIO, DISCORD = PROVIDERS["twilio"].signature[0], PROVIDERS["discord"].signature[0]
PAYPAL = PROVIDERS["paypal"].signature[0]


def post(scheme, body=BODY, webhook_id="msg_1"):
    """An unsigned delivery with the id where the scheme has it."""
    header = scheme.id.header if scheme.id else ""
    return Post(((header, webhook_id),) if header else (), body)


def signed(scheme, *secrets, body=BODY, at=NOW):
    """A delivery under the scheme."""
    return sign(scheme, post(scheme, body), secrets or [SECRET], str(at), OURS)


def without(delivery, name):
    """The delivery with one header cut."""
    return Post(tuple(pair for pair in delivery.headers if pair[0] != name), delivery.body)


def changed(delivery, name, value):
    """The delivery with another value in one header."""
    return Post((*without(delivery, name).headers, (name, value)), delivery.body)


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
def test_what_was_signed_is_verified(scheme):
    """Under each scheme a delivery verifies with its secret, among others, and with no other."""
    delivery = signed(scheme)

    assert verify(scheme, delivery, [OTHER, SECRET], NOW, OURS).body == BODY
    for secrets in ([OTHER], []):
        with pytest.raises(InvalidSignature, match="by a secret of ours"):
            verify(scheme, delivery, secrets, NOW, OURS)


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
def test_only_what_is_signed_comes_back(scheme):
    """`covers` names the parts of the signed text; id and time are there only where they are."""
    verified = verify(scheme, signed(scheme), [SECRET], NOW, OURS)

    assert verified.covers == tuple(part for part in ALL if f"{{{part}}}" in scheme.signed)
    assert verified.id == ("msg_1" if "{id}" in scheme.signed else None)
    assert verified.time == (str(NOW) if "{time}" in scheme.signed else None)


ALL = ("url", "form", "id", "time", "body", "crc32", "webhook_id")


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
def test_another_body_verifies_only_where_nothing_is_signed(scheme):
    """One changed byte ends it; GitLab's secret token does not look at the body at all."""
    delivery = signed(scheme)
    forged = Post(delivery.headers, BODY.replace(b"120", b"999"))

    if scheme is TOKEN:
        assert verify(scheme, forged, [SECRET], NOW).covers == ()
    else:
        with pytest.raises(InvalidSignature):
            verify(scheme, forged, [SECRET], NOW, OURS)


@pytest.mark.parametrize("scheme", [s for s in HMAC.values() if s.separator])
@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_two_signatures_let_a_secret_be_replaced(scheme, secret):
    """While two secrets sign, a receiver that knows either one verifies."""
    assert verify(scheme, signed(scheme, OTHER, SECRET), [secret], NOW, OURS).body == BODY


@pytest.mark.parametrize("scheme", [s for s in HMAC.values() if s.tolerance], ids=str)
@pytest.mark.parametrize("skew", [-301, -300, 0, 300, 301, float("nan")])
def test_tolerance_has_two_sides(scheme, skew):
    """300 s pass, into the past and into the future, 301 do not, and no number is no time."""
    if abs(skew) <= 300:
        assert verify(scheme, signed(scheme), [SECRET], NOW + skew, OURS)
    else:
        with pytest.raises(InvalidSignature, match="by our clock"):
            verify(scheme, signed(scheme), [SECRET], NOW + skew, OURS)


def test_an_unsigned_time_is_not_judged():
    """GitHub signs no time, so an old delivery verifies, and a tolerance cannot help."""
    assert verify(GITHUB, signed(GITHUB), [SECRET], NOW + 10**9, tolerance=300).time is None


@pytest.mark.parametrize("secret", ["", "whsec_"])
def test_an_empty_secret_is_our_own_fault(secret):
    """Everybody can sign with an empty key, so nothing verifies with one, and it is not shown."""
    for scheme in (GITHUB, STRIPE, STANDARD, TOKEN):
        if secret == "whsec_" and scheme is not STANDARD:
            continue  # for these it is a text like any other
        with pytest.raises(LabError) as caught:
            verify(scheme, signed(scheme), [secret], NOW)
        assert not isinstance(caught.value, InvalidSignature)


def test_a_missing_fact_of_ours_is_named():
    """Square signs the URL: a receiver that does not say its own is told so."""
    square = PROVIDERS["square"].signature[0]
    with pytest.raises(LabError, match="this scheme signs the url"):
        verify(square, signed(square), [SECRET], NOW)


def test_a_signature_in_the_body_is_not_for_this_verifier():
    """Adyen and Mailgun are said to need another one."""
    with pytest.raises(LabError, match="stands in the body"):
        verify(PROVIDERS["adyen"].signature[0], Post((), BODY), [SECRET], NOW)


def test_a_text_secret_is_no_private_key():
    """PayPal's and Discord's schemes take keys, and say so."""
    with pytest.raises(LabError, match="private key"):
        signed(DISCORD)


# The vendors' own libraries, both ways.


TEXTS = st.text(st.characters(codec="utf-8"))


@given(TEXTS.filter(str.strip), TEXTS)
def test_stripe_agrees(secret, body):
    """What stripe signs we verify, and what we sign stripe verifies."""
    header = WebhookSignature.generate_signature_header(body, secret, NOW)
    delivery = sign(STRIPE, Post((), body.encode()), [secret], str(NOW))

    assert delivery.headers == (("Stripe-Signature", header),)
    assert verify(STRIPE, delivery, [secret], NOW).time == str(NOW)
    assert WebhookSignature.verify_header(body, header, secret, tolerance=None)


def test_stripe_looks_back_only():
    """stripe 16.1.0 lets a time from next year pass, where Standard Webhooks allows 300 s."""
    future = int(time.time()) + 31_536_000
    header = WebhookSignature.generate_signature_header("{}", "secret", future)

    assert WebhookSignature.verify_header("{}", header, "secret", tolerance=300)
    with pytest.raises(InvalidSignature):
        verify(STRIPE, Post((("Stripe-Signature", header),), b"{}"), ["secret"], time.time())


@pytest.mark.parametrize("header", ["t=1,v0=", "v1=abc", "t=,v1=", "t=1", "", "t=x,v1=a", "t==,v1"])
def test_stripe_refuses_what_we_refuse(header):
    """A header without time or without a v1 is refused by both, each by its one error."""
    with pytest.raises(SignatureVerificationError):
        WebhookSignature.verify_header("{}", header, "secret")
    with pytest.raises(InvalidSignature):
        verify(STRIPE, Post((("Stripe-Signature", header),), b"{}"), ["secret"], 1)


@given(TEXTS.filter(str.strip), TEXTS)
def test_slack_agrees(secret, body):
    """What slack_sdk signs we verify, and what we sign slack_sdk verifies."""
    clock = mock.Mock(Clock, now=lambda: NOW)
    library = SignatureVerifier(secret, clock)
    delivery = sign(SLACK, Post((), body.encode()), [secret], str(NOW))

    assert dict(delivery.headers)["X-Slack-Signature"] == library.generate_signature(
        timestamp=str(NOW), body=body
    )
    assert library.is_valid_request(body, dict(delivery.headers))
    assert verify(SLACK, delivery, [secret], NOW).covers == ("time", "body")


@pytest.mark.parametrize(
    ("name", "value", "raises"),
    [
        ("X-Slack-Request-Timestamp", "now", ValueError),
        ("X-Slack-Signature", "v0=é", TypeError),
    ],
)
def test_a_hostile_header_is_one_error_here(name, value, raises):
    """slack_sdk 3.48.0 lets Python's own errors out, which a server answers with 500."""
    hostile = changed(signed(SLACK), name, value)
    library = SignatureVerifier(SECRET, mock.Mock(Clock, now=lambda: NOW))

    with pytest.raises(raises):
        library.is_valid_request(BODY, dict(hostile.headers))
    with pytest.raises(InvalidSignature):
        verify(SLACK, hostile, [SECRET], NOW)


FIELDS = st.dictionaries(TEXTS, TEXTS, max_size=5)


@given(TEXTS.filter(bool), FIELDS)
def test_twilio_agrees_on_forms(secret, fields):
    """What twilio signs we verify, and what we sign twilio verifies."""
    from urllib.parse import urlencode

    body = urlencode(fields).encode()
    library = RequestValidator(secret)
    delivery = sign(TWILIO, Post((), body), [secret], ours=OURS)
    header = dict(delivery.headers)["X-Twilio-Signature"]

    assert header == library.compute_signature(OURS["url"], fields)
    assert library.validate(OURS["url"], fields, header)
    assert verify(TWILIO, delivery, [secret], NOW, OURS).covers == ("url", "form")


@given(st.binary(min_size=24, max_size=64), TEXTS)
def test_standard_webhooks_agrees(key, body):
    """The library signs as Standard Webhooks and as GitLab's signing token are said to."""
    secret = "whsec_" + base64.b64encode(key).decode()
    library = standardwebhooks.Webhook(secret)
    for scheme in (STANDARD, GITLAB):
        delivery = sign(scheme, post(scheme, body.encode()), [secret], str(int(time.time())))

        library.verify(body, dict(delivery.headers), json_parse=False)
        assert verify(scheme, delivery, [secret], time.time()).id == "msg_1"


# The borders between the parts.


def test_a_dot_in_the_id_moves_the_border():
    """Bytes moved from the body into the id leave the signed text as it was; we refuse the id."""
    at = int(time.time())
    body = f'{{"note":"x.{at}.y"}}'.encode()
    delivery = sign(STANDARD, post(STANDARD, body), [SECRET], str(at))
    longer, rest = f'msg_1.{at}.{{"note":"x', b'y"}'
    moved = Post(changed(delivery, "webhook-id", longer).headers, rest)

    standardwebhooks.Webhook(SECRET).verify(rest, dict(moved.headers), json_parse=False)
    with pytest.raises(InvalidSignature, match="two readings"):
        verify(STANDARD, moved, [SECRET], at)


@pytest.mark.parametrize("scheme", [STRIPE, SLACK, GITLAB, DISCORD])
def test_a_time_that_is_no_time_moves_the_border(scheme):
    """Bytes of the body cannot become part of the time, whether it is judged or not."""
    key = Ed25519PrivateKey.generate()
    both = ([key.sign], [lambda text, by: True]) if scheme is DISCORD else ([SECRET], [SECRET])
    delivery = sign(scheme, post(scheme, b"1.2.3"), both[0], str(NOW))
    if scheme is STRIPE:
        header = dict(delivery.headers)["Stripe-Signature"]
        forged = changed(delivery, "Stripe-Signature", header.replace(f"{NOW}", f"{NOW}.1"))
    else:
        forged = changed(delivery, scheme.time.header, f"{NOW}.1")
    with pytest.raises(InvalidSignature, match="sent nan s ago"):
        verify(scheme, Post(forged.headers, b"2.3"), both[1], NOW)


# Public keys.


def by_ed25519(key):
    """Whether a signature is by the key, as a lesson's PublicKey is asked."""

    def asked(signature, text):
        try:
            key.verify(signature, text)
        except Refused:
            return False
        return True

    return asked


@pytest.mark.parametrize("scheme", [DISCORD, ASYMMETRIC])
def test_ed25519_needs_no_shared_secret(scheme):
    """The sender keeps the key that signs; the one that verifies is public."""
    key, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    delivery = sign(scheme, post(scheme), [key.sign], str(NOW))

    assert verify(scheme, delivery, [by_ed25519(key.public_key())], NOW).body == BODY
    with pytest.raises(InvalidSignature):
        verify(scheme, delivery, [by_ed25519(stranger.public_key())], NOW)


def test_paypal_binds_the_receiver():
    """PayPal signs a checksum of the body and the id of the webhook, with an RSA key."""
    key = rsa.generate_private_key(65537, 2048)

    def asked(signature, text):
        try:
            key.public_key().verify(signature, text, padding.PKCS1v15(), SHA256())
        except Refused:
            return False
        return True

    date = "2026-01-01T00:00:00Z"
    private = lambda text: key.sign(text, padding.PKCS1v15(), SHA256())  # noqa: E731 - short
    delivery = sign(PAYPAL, post(PAYPAL), [private], date, OURS)

    covered = ("id", "time", "webhook_id", "crc32")
    assert verify(PAYPAL, delivery, [asked], NOW, OURS, tolerance=300).covers == covered
    with pytest.raises(InvalidSignature):
        verify(PAYPAL, delivery, [asked], NOW, {**OURS, "webhook_id": "another"})
    with pytest.raises(InvalidSignature, match="by our clock"):
        verify(PAYPAL, delivery, [asked], NOW + 301, OURS, tolerance=300)


# Whatever a stranger sends.


NAMES = sorted({s.header for s in HMAC.values()} | {"webhook-id", "webhook-timestamp"})
VALUES = st.text(max_size=40) | st.sampled_from(
    ["t=1,v1=", f"t={NOW}", "v1,", "v0=", "sha256=", "t=,t=", str(NOW), "\ud800", "1e9", "٣"]
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=9), VALUES), max_size=6)


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
@given(headers=HEADERS, body=st.binary(max_size=60))
def test_random_requests_are_refused_by_one_error(scheme, headers, body):
    """Whatever a stranger sends, only InvalidSignature comes out."""
    with pytest.raises(InvalidSignature):
        verify(scheme, Post(tuple(headers), body), [SECRET], NOW, OURS)


@given(headers=HEADERS, body=st.binary(max_size=60), scheme=st.sampled_from([DISCORD, PAYPAL]))
def test_random_requests_are_refused_by_keys_too(scheme, headers, body):
    """The same for schemes with a public key."""
    key = by_ed25519(Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
    with pytest.raises(InvalidSignature):
        verify(scheme, Post(tuple(headers), body), [key], NOW, OURS)


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
@pytest.mark.parametrize("value", ["", "v1=", "v1,", "sha256=", "v0=", "é", "\ud800", "A" * 10**6])
def test_a_broken_signature_is_refused(scheme, value):
    """Empty, cut, foreign or enormous: one error, and no secret in its text."""
    with pytest.raises(InvalidSignature) as caught:
        verify(scheme, changed(signed(scheme), scheme.header, value), [SECRET], NOW, OURS)

    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("scheme", HMAC.values(), ids=HMAC)
def test_a_header_must_be_there_once(scheme):
    """A cut header is refused, and so is one that is there twice: which of them was meant?"""
    delivery = signed(scheme)
    value = dict(delivery.headers)[scheme.header]
    twice = Post((*delivery.headers, (scheme.header.upper(), value)), BODY)

    for hostile in (without(delivery, scheme.header), twice):
        with pytest.raises(InvalidSignature, match="must be there once"):
            verify(scheme, hostile, [SECRET], NOW, OURS)


@pytest.mark.parametrize("scheme", [s for s in HMAC.values() if "{hex}" in s.written])
def test_hex_is_lower_case(scheme):
    """Senders write small letters; as text, another spelling is another signature."""
    delivery = signed(scheme)
    header = dict(delivery.headers)[scheme.header]
    prefix, digits = header[: -len(header.split("=")[-1])], header.split("=")[-1]
    with pytest.raises(InvalidSignature):
        verify(
            scheme, changed(delivery, scheme.header, prefix + digits.upper()), [SECRET], NOW, OURS
        )
