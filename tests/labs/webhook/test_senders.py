"""One event as eight senders sign it."""

import pytest

from labs.errors import InvalidSignature
from labs.webhook.senders import AT, EVENT, SENDERS, E, N, P, Q, secret, toy_sign, toy_verify


@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)
def test_each_sends_what_its_receiver_verifies(sender):
    """The same event arrives under eight schemes, and nobody else's secret will do."""
    post = sender.send()

    assert sender.verify(post).body == EVENT == post.body
    assert sender.verify(sender.send(at=AT + 5), now=AT + 9).body == EVENT
    if sender.name != "PayPal":
        with pytest.raises(InvalidSignature):
            sender.verify(post, secrets=[secret("wharf")])


def test_senders_are_those_the_lesson_names():
    """Seven that everybody meets, and Square, which signs the URL."""
    assert list(SENDERS) == [
        "Standard Webhooks", "Stripe", "PayPal", "GitHub", "GitLab, token", "Slack", "Shopify",
        "Square",
    ]  # fmt: skip


def test_two_secrets_sign_in_one_header():
    """While a secret is replaced, the header carries a signature by each."""
    both = [secret("harbour"), secret("new")]
    post = SENDERS["Stripe"].send(secrets=both)

    assert dict(post.headers)["Stripe-Signature"].count("v1=") == 2
    for known in both:
        assert SENDERS["Stripe"].verify(post, secrets=[known]).time == str(AT)


def test_the_toy_key_is_a_key():
    """Two primes; what the private half signs the public half verifies, and nothing else."""
    for prime in (P, Q):
        assert all(pow(base, prime - 1, prime) == 1 for base in (2, 3, 5, 7, 11, 13))
    assert toy_verify(toy_sign(b"bid"), b"bid")
    assert not toy_verify(toy_sign(b"bid"), b"bids")
    assert not toy_verify(b"\x01" * 64, b"bid")
    assert N == P * Q > 2**500 > E
