"""What a signature covers of a delivery, stretch by stretch."""

import pytest

from labs.webhook.coverage import Mark, Span, lines
from labs.webhook.senders import EVENT, SENDERS, ours

BODY = EVENT.decode()


def marked(name, mark):
    """The stretches of a sender's delivery that carry the mark."""
    sender = SENDERS[name]
    found = lines(sender.scheme, sender.send(), ours("harbour"))
    return [span.text for line in found for span in line if span.mark is mark]


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("Standard Webhooks", ["evt_1", "1767225600", BODY]),
        ("Stripe", ["t=1767225600", BODY]),
        ("PayPal", ["evt_1", "2026-01-01T00:00:00Z", "WH-HARBOUR"]),
        ("GitHub", [BODY]),
        ("GitLab, token", []),
        ("Slack", ["1767225600", BODY]),
        ("Shopify", [BODY]),
        ("Square", ["https://auction.example/harbour", BODY]),
    ],
)
def test_what_is_signed_is_marked(name, signed):
    """Each sender's own choice of bytes, in the order in which they stand in the request."""
    assert marked(name, Mark.SIGNED) == signed


@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)
def test_no_byte_is_lost_or_twice(sender):
    """The stretches put together are the request, and one of them is the signature."""
    post = sender.send()
    found = lines(sender.scheme, post, ours("harbour"))
    texts = ["".join(span.text for span in line) for line in found]

    assert texts[0] == "POST https://auction.example/harbour"
    assert texts[1 : 1 + len(post.headers)] == [f"{n}: {v}" for n, v in post.headers]
    assert texts[1 + len(post.headers)] == BODY
    assert len(marked(sender.name, Mark.SIGNATURE)) == 1


def test_a_checksum_is_not_a_signature():
    """PayPal's body is marked as summed, since the sum alone is signed."""
    assert marked("PayPal", Mark.SUMMED) == [BODY]
    assert Span(BODY, Mark.SUMMED) in lines(*paypal())[-2]


def paypal():
    """PayPal's scheme, delivery and facts."""
    sender = SENDERS["PayPal"]
    return sender.scheme, sender.send(), ours("harbour")
