"""The receivers to take home under `storm`, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from .receivers import OLD_SECRET, SECRET, receiver
from .storming import stormed, told
from .test_receivers import KINDS


@pytest.fixture(scope="module")
def storms(tmp_path_factory):
    """What was found in each, as futures: a storm waits more than it works, so three at a time."""
    with ThreadPoolExecutor(3) as pool:
        yield {kind: pool.submit(stormy, kind, tmp_path_factory.mktemp("storm")) for kind in KINDS}


def stormy(kind, folder):
    """The report of a storm, and what effects the database has after it."""
    with receiver(*kind, folder) as one, told(one.effects) as effects:
        also = ("--secret", OLD_SECRET)
        report = stormed(one.start(), "standard_webhooks", SECRET, effects, *also)
        return report, one.effects()


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_a_storm_finds_nothing(storms, kind):
    """Whatever storm sends, each event takes effect once, and the report is clean."""
    report, effects = storms[kind].result()

    assert report["findings"] == []
    assert report["status"] == 0
    assert len(report["passed"]) >= 30
    assert len(effects) >= 40
    assert set(effects.values()) == {1}
