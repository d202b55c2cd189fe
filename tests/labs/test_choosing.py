"""The tree that chooses a mechanism: paths end, leaves are reached, numbers stand."""

import pytest

from labs.choosing import TREE, ChoosingError, followed, paths, walk
from labs.lessons import NOTEBOOKS, lesson

PATHS = list(paths())
LESSONS = {
    about.id: about for about in (lesson(p.stem, NOTEBOOKS) for p in NOTEBOOKS.glob("*.yaml"))
}
CASES = (
    "Chat", "Live scores", "Collaborative editing", "Games", "Tickers", "Dashboards",
    "Live notifications", "Payments", "CI/CD", "Code hosting", "Third-party integrations",
)  # fmt: skip


def test_there_are_eight_questions():
    """No more than eight, and each of them is asked somewhere."""
    assert len(TREE.questions) == 8
    assert {fork.question for fork in TREE.forks.values()} == set(TREE.questions)


def test_every_path_ends_in_a_leaf_and_asks_nothing_twice():
    """From the first question on, whatever one answers."""
    assert len(PATHS) > len(TREE.leaves)
    for path in PATHS:
        asked = [fork.question for fork, _ in path]
        assert len(asked) == len(set(asked)) <= 8
        assert walk([answer.id for _, answer in path]).id == path[-1][1].to


def test_every_leaf_and_every_fork_is_reached():
    """Nothing is decided that no answers lead to."""
    reached = {answer.to for path in PATHS for _, answer in path} | {"start"}
    assert reached == set(TREE.leaves) | set(TREE.forks)


def test_names_are_used_once():
    """A fork is no leaf, and the answers at a fork have names of their own."""
    assert not set(TREE.leaves) & set(TREE.forks)
    for fork in TREE.forks.values():
        names = [answer.id for answer in fork.answers]
        assert len(names) == len(set(names)) >= 2


def test_all_products_are_decided():
    """Each product's answers lead to a leaf, and to a webhook where a server is told."""
    assert tuple(case.name for case in TREE.cases) == CASES
    for case in TREE.cases:
        leaf = walk(case.answers)
        assert ("webhook" in leaf.id) == (case.answers[0] == "theirs")
        assert case.because


@pytest.mark.parametrize("leaf", TREE.leaves.values(), ids=list(TREE.leaves))
def test_a_leaf_is_complete(leaf):
    """Mechanism, reason, cost, fallback, and one sentence that can be said in one breath."""
    assert all((leaf.mechanism, leaf.because, leaf.fallback, leaf.costs))
    assert leaf.interview.count(".") == 1
    assert len(leaf.interview.split()) <= 45


@pytest.mark.parametrize("leaf", TREE.leaves.values(), ids=list(TREE.leaves))
def test_each_number_is_proved(leaf):
    """A cost is a claim of a lesson's YAML, word for word, or has a source with its day."""
    for cost in leaf.costs:
        if cost.lesson in LESSONS:
            claims = [claim["says"] for claim in LESSONS[cost.lesson].content["claims"]]
            assert cost.claim in claims, f"{cost.lesson} claims no {cost.claim!r}"
        else:
            assert all((cost.source, cost.checked)), cost.says


def test_wrong_answers_are_told():
    """Whoever answers what was not asked hears what may be said there."""
    with pytest.raises(ChoosingError, match=r"'maybe' is no answer at 'start'; these are: page"):
        walk(["maybe"])
    with pytest.raises(ChoosingError, match=r"end at 'reach'; go on with one of: yes, no"):
        walk(["theirs"])
    with pytest.raises(ChoosingError, match=r"'yes' comes after the end: 'queue' is a leaf"):
        walk(["ours", "yes"])
    with pytest.raises(ChoosingError, match="go on with one of: page, theirs, ours"):
        walk([])


def test_a_path_can_be_followed_halfway():
    """The first answers of a path are its first forks."""
    assert [fork.id for fork, _ in followed(["page", "both"])] == ["start", "direction"]
