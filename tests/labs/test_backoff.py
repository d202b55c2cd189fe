"""Delays, and what a herd of clients makes of them."""

from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs import backoff
from labs.backoff import herd

POLICIES = [
    backoff.constant,
    backoff.exponential,
    backoff.proportional,
    backoff.full_jitter,
    backoff.equal_jitter,
    backoff.decorrelated,
]


@given(st.sampled_from(POLICIES), st.integers(), st.floats(0.001, 10), st.floats(10, 1000))
def test_no_delay_is_beyond_the_cap(policy, seed, base, cap):
    """Every policy stays between nothing and the cap, however long it goes on."""
    assert all(0 <= delay <= cap for delay in islice(policy(Random(seed), base, cap), 100))


@given(st.integers(0, 100_000))
def test_ceiling_does_not_overflow(attempt):
    """A client that has failed for years still waits no longer than the cap."""
    assert 0.5 <= backoff.ceiling(attempt, 0.5, 20.0) <= 20.0


@pytest.mark.parametrize(
    ("policy", "low", "high"),
    [
        (backoff.exponential, 1.0, 1.0),
        (backoff.proportional, 0.75, 1.0),
        (backoff.full_jitter, 0.0, 1.0),
        (backoff.equal_jitter, 0.5, 1.0),
        (backoff.decorrelated, 1 / 60, 1.0),
    ],
)
def test_jitter_has_its_width(policy, low, high):
    """At the cap, delays fill exactly the range that the policy promises."""
    drawn = [delay / 60 for delay in islice(policy(Random(7), 1, 60), 10, 2000)]

    assert low <= min(drawn) <= low + 0.01
    assert high - 0.01 <= max(drawn) <= high


def test_without_jitter_a_herd_stays_together():
    """Everybody comes at once, and a cap keeps the last ones out for minutes."""
    fixed = herd("fixed 1 s", backoff.constant, base=1, cap=1)
    exponential = herd("exponential", backoff.exponential)

    assert (fixed.peak, fixed.total, fixed.outside) == (1000, 6500, 0)
    assert (exponential.peak, exponential.total, exponential.outside) == (1000, 6500, 400)


@pytest.mark.parametrize(
    ("policy", "peak", "total"),
    [
        (backoff.proportional, (380, 450), (2900, 3100)),
        (backoff.full_jitter, (260, 340), (3600, 3850)),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_jitter_parts_the_herd(policy, peak, total, seed):
    """With jitter the peak falls below half, for every seed, and all are in."""
    seen = herd("", policy, seed=seed)

    assert peak[0] <= seen.peak <= peak[1]
    assert total[0] <= seen.total <= total[1]
    assert (seen.outside, seen.admitted) == (0, 1000)


def test_nobody_is_admitted_before_the_server_is_back():
    """Attempts before that are counted and refused."""
    assert herd("", backoff.constant, 1, 1, back_at=1000.0).admitted == 0


def test_herd_speaks():
    """Its sentence names the peak, the attempts and those still outside."""
    assert str(herd("exponential", backoff.exponential)) == (
        "exponential: peak 1000 per 0.1 s, 6500 attempts, 400 still outside"
    )
