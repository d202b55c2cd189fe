"""What can be made of one delivery, held against the vendors' libraries where there is one."""

import time
from unittest import mock

import pytest
from slack_sdk.signature import Clock, SignatureVerifier
from stripe import SignatureVerificationError, WebhookSignature

from labs.webhook.forgeries import CHANGES, DAY, judge, other_shop, verdict
from labs.webhook.senders import AT, SENDERS, secret

VERIFIES = {
    "Standard Webhooks": ["another tenant"],
    "Stripe": ["another tenant"],
    "PayPal": ["a day later"],
    "GitHub": ["another id", "a day later", "another tenant"],
    "GitLab, token": ["another body", "another id", "a day later", "another tenant"],
    "Slack": ["another tenant"],
    "Shopify": ["another id", "a newer time", "a day later", "another tenant"],
    "Square": ["a day later"],
}


@pytest.mark.parametrize("name", SENDERS)
def test_which_changes_still_verify(name):
    """The table of the lesson, line by line."""
    found = {change: verdict(SENDERS[name], make) for change, make in CHANGES.items()}

    assert [change for change, says in found.items() if says == "verifies"] == VERIFIES[name]
    assert set(found.values()) <= {"verifies", "refused", "-"}


@pytest.mark.parametrize("change", CHANGES)
def test_stripe_itself_agrees(change):
    """stripe's own library gives the same verdict on each change."""
    sender = SENDERS["Stripe"]
    arrival = CHANGES[change](sender, sender.send())
    header = dict(arrival.post.headers).get("Stripe-Signature")
    with mock.patch.object(time, "time", return_value=arrival.now):
        try:
            known = secret("harbour")
            WebhookSignature.verify_header(arrival.post.body, header, known, tolerance=300)
            says = "verifies"
        except SignatureVerificationError:
            says = "refused"

    assert says == verdict(sender, CHANGES[change])


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "an older version"])
def test_slack_itself_agrees(change):
    """slack_sdk gives the same verdict on each change."""
    sender = SENDERS["Slack"]
    arrival = CHANGES[change](sender, sender.send())
    library = SignatureVerifier(secret("harbour"), mock.Mock(Clock, now=lambda: arrival.now))
    valid = library.is_valid_request(arrival.post.body, dict(arrival.post.headers))

    assert ("verifies" if valid else "refused") == verdict(sender, CHANGES[change])


def test_what_cannot_be_changed_is_none():
    """GitHub sends no time, Slack has one version only."""
    github, slack = SENDERS["GitHub"], SENDERS["Slack"]

    assert CHANGES["a newer time"](github, github.send()) is None
    assert CHANGES["an older version"](slack, slack.send()) is None


def test_replays_arrive_later_and_elsewhere():
    """The last two change nothing in the request: only when it comes, and to whom."""
    sender = SENDERS["Stripe"]
    post = sender.send()
    later, elsewhere = (CHANGES[name](sender, post) for name in ("a day later", "another tenant"))

    assert (later.post, later.now) == (post, AT + DAY)
    assert (elsewhere.post, elsewhere.tenant) == (post, "wharf")


def test_another_shop_is_one_header_away():
    """Shopify's tenant stands in a header, and the signature does not notice that it changed."""
    shopify = SENDERS["Shopify"]
    arrival = other_shop(shopify, shopify.send())

    assert ("X-Shopify-Shop-Domain", "wharf.example") in arrival.post.headers
    assert judge(shopify, arrival) == {"verdict": "verifies", "vouches for": "body"}


def test_the_judge_says_why():
    """A refusal comes with its reason, and a secret of its own protects another tenant."""
    stripe = SENDERS["Stripe"]
    late, elsewhere = (
        CHANGES[name](stripe, stripe.send()) for name in ("a day later", "another tenant")
    )

    assert judge(stripe, late)["because"] == "sent 86400 s ago by our clock"
    assert judge(stripe, elsewhere, shared=True)["verdict"] == "verifies"
    assert judge(stripe, elsewhere, shared=False)["verdict"] == "refused"
