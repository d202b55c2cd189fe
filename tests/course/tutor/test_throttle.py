"""Token buckets: each key has its own, and nobody can make it forget."""

import pytest

from course.tutor.throttle import Buckets, Throttled


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def buckets(now):
    """Three at once, then one in ten seconds."""
    return Buckets(0.1, 3, lambda: now[0])


def test_a_bucket_is_emptied_and_refilled(buckets, now):
    """The fourth at once is refused with the seconds until one more is there."""
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(Throttled) as why:
        buckets.take("a")
    assert why.value.retry_after == pytest.approx(10)
    now[0] = 10.0
    buckets.take("a")


def test_an_empty_bucket_is_not_forgotten(buckets):
    """However many others come in the meantime."""
    for _ in range(3):
        buckets.take("a")
    for other in range(20_000):
        buckets.take(other)
    with pytest.raises(Throttled):
        buckets.take("a")


def test_a_full_bucket_is_forgotten(buckets, now):
    """What nobody asks for any more takes no room."""
    for other in range(1_000):
        buckets.take(other)
        now[0] += 100.0
    assert len(buckets._filled) < 10
