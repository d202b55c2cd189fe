"""The arithmetic of polling, and crowds that keep it."""

from itertools import islice, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.stream import polling
from labs.stream.polling import Polling, Watched, crowd, watched

RHYTHMS = [polling.on_the_minute, polling.own_start, polling.give_or_take, polling.anything]


@given(st.integers(1, 10**9), st.floats(0.001, 10**6))
def test_load_times_staleness_is_half_the_clients(clients, interval):
    """Whatever the interval, what is won in freshness is paid in requests."""
    one = Polling(clients, interval)

    assert one.load * one.staleness == pytest.approx(clients / 2)


def test_a_hundred_thousand_pages():
    """The figures of the interview question: 20,000 a second, 2.5 s, 92 % of the answers empty."""
    one = Polling(100_000, 5)

    assert (one.load, one.staleness, round(one.empty(60), 3)) == (20_000, 2.5, 0.92)


def test_share_of_empty_answers_is_that_of_a_simulation():
    """Random changes leave as many intervals empty as the formula says."""
    rng, changes, moment = Random(7), set(), 0.0
    while moment < 300_000:
        moment += rng.expovariate(1 / 60)
        changes.add(int(moment / 5))

    assert 1 - len(changes) / 60_000 == pytest.approx(Polling(1, 5).empty(60), abs=0.002)


def test_watched_counts_what_a_page_learned_and_how_late():
    """A change is known with the first answer that brings it or a later one."""
    changes = [(3.0, 1), (11.0, 2), (12.0, 3), (29.0, 4)]
    answers = [(0.0, 0), (10.0, 1), (20.0, 3), (21.0, 3)]

    assert watched(changes, answers) == Watched(4, 1, (7 + 9 + 8) / 3, 9.0)
    assert watched([], []) == Watched(0, 0, 0.0, 0.0)


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_rhythm_costs_the_same_load(rhythm):
    """In the mean each asks once an interval, and never goes back in time."""
    moments = list(islice(rhythm(Random(7), 60), 20_000))

    assert all(before <= after for before, after in pairwise(moments))
    assert moments[-1] / len(moments) == pytest.approx(60, rel=0.02)


@pytest.mark.parametrize(
    ("rhythm", "peak", "age"),
    [
        (polling.on_the_minute, (10_000, 10_000), 30.0),
        (polling.own_start, (170, 230), 30.0),
        (polling.give_or_take, (780, 920), 30.1),  # 60 s, and pauses of 54 to 66 s
        (polling.anything, (200, 290), 40.0),  # E[T^2] / 2 E[T] of 0 to 120 s
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_rhythms_part_a_crowd_and_jitter_costs_freshness(rhythm, peak, age, seed):
    """A drawn start spreads the crowd for nothing; wide jitter makes the news a third older."""
    one = crowd("10,000 pages", rhythm, clients=10_000, seed=seed)

    assert peak[0] <= one.peak(since=60) <= peak[1]
    assert one.staleness == pytest.approx(age, rel=0.02)


def test_a_crowd_is_the_same_each_time():
    """The seed decides, and nothing else."""
    first, second = (crowd("x", polling.anything, clients=100) for _ in range(2))

    assert first == second
    assert str(first).startswith("x: peak 10")
