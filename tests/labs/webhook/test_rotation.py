"""The life of a secret."""

import pytest

from labs.errors import IllegalMove
from labs.webhook.rotation import ACCEPTED, GONE, MADE, RETIRING, SECRET, SIGNING, Dated, good


def test_a_secret_is_known_before_it_signs():
    """The way through life: known everywhere, signing, retiring, gone."""
    state = MADE
    for event, after in [
        ("every receiver has it", ACCEPTED),
        ("the sender signs with it", SIGNING),
        ("its successor signs as well", RETIRING),
        ("its date has come", GONE),
    ]:
        state = SECRET.move(state, event)
        assert state == after


def test_nobody_signs_with_what_no_receiver_knows():
    """The table has no step from made to signing, and none back from gone."""
    with pytest.raises(IllegalMove, match="cannot take 'the sender signs with it'"):
        SECRET.move(MADE, "the sender signs with it")
    assert SECRET.events(GONE) == ()


def test_a_ring_forgets_by_the_clock():
    """An old secret is good until its date and not on it, a new one from its date on."""
    ring = [Dated("old", until=100), Dated("new", since=40)]

    assert good(ring, 39) == ["old"]
    assert good(ring, 40) == good(ring, 99.9) == ["old", "new"]
    assert good(ring, 100) == ["new"]
    assert good([], 0) == []
