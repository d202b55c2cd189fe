"""Whether the course answers a question: figures of the match, and one probability of them.

The weights are calibrated on a dev set by `python -m course.publish.calibrate` and stand in the
passages file beside the passages that they were calibrated with.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from course.tutor.answering.index import Asked, Index
from course.tutor.answering.matching import Match
from course.tutor.answering.passages import Passage
from course.tutor.answering.words import MIDDLE, STRONG, WEAK

ENOUGH = 3  # words


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for the course knowing the answer; each is between 0 and 1."""

    coverage: float  # of the question's words by the best passage
    covered: float  # of the question's words by the best pair
    like: float  # the best pair's question
    alike: float  # the same squared: a question that is nearly the pair's own
    contained: float  # that pair's question in this one
    known: float  # words that the course has at all
    strong: float  # words that only this subject has
    weak: float  # words that it shares with others
    ours: float  # words seldom used elsewhere, where no word is strange to the course


def signals(
    index: Index, asked: Asked, matches: Sequence[Match], found: Sequence[Passage]
) -> Signals:
    """The figures of a question."""
    words = asked.words
    best = matches[0] if matches else None
    many = len(words) or 1
    strong = len(STRONG & set(words))
    # One or two words that others have too are soon covered, and that says little.
    trust = 1.0 if strong or set(words) <= MIDDLE else min(1.0, many / ENOUGH)
    return Signals(
        coverage=trust * index.coverage(asked, found),
        covered=trust * best.covered if best else 0.0,
        like=best.like if best else 0.0,
        alike=best.like**2 if best else 0.0,
        contained=best.contained if best else 0.0,
        known=trust * sum(map(index.knows, words)) / many,
        strong=min(1.0, 0.7 * strong),
        weak=min(1.0, len(WEAK & set(words)) / 4),
        ours=min(1.0, len(MIDDLE & set(words)) / 2) if all(map(index.knows, words)) else 0.0,
    )


def probability(index: Index, seen: Signals) -> float:
    """How likely it is that the course answers it (logistic)."""
    weights, bias = index.thresholds["weights"], index.thresholds["bias"]
    total = bias + sum(w * value for w, value in zip(weights, astuple(seen), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
