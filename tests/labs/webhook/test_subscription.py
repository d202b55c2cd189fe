"""The life of a subscription."""

import pytest

from labs.errors import IllegalMove
from labs.webhook.subscription import (
    ACTIVE,
    DELETED,
    DISABLED,
    PAUSED,
    REGISTERED,
    ROTATING,
    SUBSCRIPTION,
)


def test_every_state_but_the_last_has_a_way_on():
    """Nothing is a dead end except a subscription that is deleted."""
    ends = [state for state in SUBSCRIPTION.states() if not SUBSCRIPTION.events(state)]

    assert ends == [DELETED]
    assert set(SUBSCRIPTION.states()) == {REGISTERED, ACTIVE, ROTATING, PAUSED, DISABLED, DELETED}


def test_nothing_is_sent_before_the_url_consents():
    """Only an active subscription sends; before, an event finds nobody."""
    senders = {state for state, event in SUBSCRIPTION.moves if event.endswith(": sent")}

    assert senders == {ACTIVE}
    with pytest.raises(IllegalMove, match="a subscription that is REGISTERED"):
        SUBSCRIPTION.move(REGISTERED, "event within the filter: sent")


def test_whoever_was_disabled_is_asked_again():
    """The way back from DISABLED leads past the question whether the URL still consents."""
    assert SUBSCRIPTION.move(DISABLED, "repaired: asked again") == REGISTERED
