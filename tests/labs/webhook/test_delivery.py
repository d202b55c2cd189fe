"""A delivery, its outcomes and its schedule."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import IllegalMove
from labs.webhook.delivery import (
    DEAD_LETTER,
    DELIVERED,
    DELIVERY,
    DISABLED,
    IN_FLIGHT,
    PENDING,
    WAITING,
    Outcome,
    delay,
    event_of,
    retry_after,
)
from labs.webhook.schedules import STANDARD_WEBHOOKS


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ACCEPTED),
        (202, Outcome.ACCEPTED),
        (204, Outcome.ACCEPTED),
        (301, Outcome.REDIRECTED),
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (410, Outcome.GONE),
        (429, Outcome.THROTTLED),
        (500, Outcome.FAILED),
        (503, Outcome.FAILED),
        (100, Outcome.FAILED),
        (999, Outcome.FAILED),
    ],
)
def test_each_status_has_its_outcome(status, outcome):
    """A status code stands for one outcome, also one that no standard knows."""
    assert Outcome.of(status) is outcome


def test_who_hears_nothing_knows_nothing():
    """Only after silence or a broken server is it open whether the work was done."""
    assert [outcome for outcome in Outcome if not outcome.definite] == [
        Outcome.FAILED,
        Outcome.NO_ANSWER,
    ]
    assert [outcome for outcome in Outcome if outcome.happened] == [Outcome.ACCEPTED]


@pytest.mark.parametrize(
    ("outcome", "attempt", "state"),
    [
        (Outcome.ACCEPTED, 1, DELIVERED),
        (Outcome.GONE, 1, DISABLED),
        (Outcome.FAILED, 1, WAITING),
        (Outcome.REDIRECTED, 9, WAITING),
        (Outcome.NO_ANSWER, 10, DEAD_LETTER),
        (Outcome.ACCEPTED, 10, DELIVERED),
    ],
)
def test_outcome_decides_the_next_state(outcome, attempt, state):
    """Success ends it, 410 disables, any other failure waits until the schedule is over."""
    assert DELIVERY.move(IN_FLIGHT, event_of(outcome, attempt)) == state


def test_delivered_is_the_end():
    """Only a delivered event can take nothing more; a dead letter can be sent again."""
    assert DELIVERY.events(DELIVERED) == ()
    assert DELIVERY.move(DEAD_LETTER, "redelivered by hand") == PENDING
    with pytest.raises(IllegalMove, match="this is the end"):
        DELIVERY.move(DELIVERED, "redelivered by hand")


@given(st.integers(1, 9), st.integers(), st.floats(0, 1e6))
def test_delay_is_near_the_schedule_and_never_before_retry_after(attempt, seed, at_least):
    """Jitter is a fifth either way; what the receiver asked for is a lower bound."""
    waited = delay(attempt, Random(seed), at_least=at_least)
    planned = STANDARD_WEBHOOKS.delays[attempt]

    assert waited >= at_least
    assert 0.8 * planned <= waited <= 1.2 * max(planned, at_least)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("315360000", 86400.0),
        ("9" * 10_000, 86400.0),
        ("-1", 0.0),
        ("١٢", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 23:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2036 00:00:00 GMT", 86400.0),
        ("Thu, 01 Jan 0000 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    """Both forms are read, nonsense asks for nothing, and ten years are a day."""
    assert retry_after(value, now=1767225600.0) == seconds


@given(st.text(max_size=50))
def test_random_retry_after_is_a_number(value):
    """Whatever the header says, the answer lies between nothing and the limit."""
    assert 0 <= retry_after(value, now=0.0) <= 86400
