"""Deliveries that are made for a verifier, held against the lab's own."""

from random import Random

import pytest

from labs.errors import InvalidSignature
from labs.exercises.m12_verify_standard.own import KIT as STANDARD
from labs.exercises.m12_verify_stripe.own import KIT as STRIPE
from labs.exercises.verifying import deliveries
from labs.webhook import schemes
from labs.webhook.signed_text import Post

KITS = {"standard": STANDARD, "stripe": STRIPE}
RIGHT = ("plain", "names", "slow", "inside", "bodies", "two_secrets", "two_signatures")
WRONG = ("forged", "missing", "old", "ahead", "outside", "milliseconds", "doubled", "not_ascii")


def judged(kit, delivery):
    """What the lab's own verifier says to a delivery."""
    post = Post(delivery.headers, delivery.body)
    return schemes.verify(kit.scheme, post, delivery.known, delivery.now)


@pytest.mark.parametrize("kit", KITS.values(), ids=KITS)
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_to_be_returned_verifies(kit, name):
    """The lab's own verifier returns the body of each."""
    for delivery in getattr(deliveries, name)(kit.drawing(Random(5))):
        assert judged(kit, delivery).body == delivery.body


@pytest.mark.parametrize("kit", KITS.values(), ids=KITS)
@pytest.mark.parametrize("name", WRONG)
def test_what_is_to_be_refused_does_not(kit, name):
    """The lab's own verifier refuses each."""
    for delivery in getattr(deliveries, name)(kit.drawing(Random(5))):
        with pytest.raises(InvalidSignature):
            judged(kit, delivery)


@pytest.mark.parametrize("kit", KITS.values(), ids=KITS)
def test_what_no_error_may_tell(kit):
    """Secrets, and the right signature of what came, but not what the request itself says."""
    kit = kit.drawing(Random(5))
    good = kit.delivery("good")
    forged = kit.swapped("forged", good, b"{}")

    assert kit.hidden(good)[0] == good.known[0]
    assert not [each for each in kit.hidden(good) if each in kit.signature(good)]
    right = kit.delivery(
        "", body=b"{}", by=good.known, webhook_id=dict(good.headers).get("webhook-id", "")
    )
    assert [each for each in kit.hidden(forged) if each in kit.signature(right)]
