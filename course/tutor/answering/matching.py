"""The pairs that a question resembles, found by its words and not pair by pair.

A question has few words and there are many ways to ask, so only the ways that share a word with
it are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from course.tutor.answering.passages import Pair
from course.tutor.answering.words import intent, terms

# What a match is made of: likeness to a variant, the question's words in the pair, and the
# variant's words in the question.
LIKE, COVERED, CONTAINED = 0.55, 0.25, 0.2
ANSWER = 0.6  # what a word in a pair's answer counts for, of one in its questions
WANTED = 0.06  # on top, when both want to know the same: when, why, how many

Part = tuple[frozenset[str], float]  # words of a question, and what they say together


@dataclass(frozen=True, slots=True)
class Match:
    """A pair, and how well it fits the question; the three figures are between 0 and 1."""

    pair: Pair
    like: float
    covered: float
    contained: float
    wanted: bool = False

    @property
    def score(self) -> float:
        """One figure of them all."""
        likeness = LIKE * self.like + COVERED * self.covered + CONTAINED * self.contained
        return likeness + WANTED * self.wanted


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to ask: whose, its words, what they say, what it wants, and if it comes first."""

    pair: int
    words: frozenset[str]
    mass: float
    wants: str
    is_ask: bool


class Matching:
    """Every way to ask, found by its words."""

    def __init__(self, pairs: Sequence[Pair], weight: Callable[[str], float]) -> None:
        self._pairs = pairs
        self._weight = weight
        self._variants = [
            variant for number, pair in enumerate(pairs) for variant in self._ways(number, pair)
        ]
        self._asked: Mapping[str, list[int]] = postings(each.words for each in self._variants)
        heads = [words_of(pair.ask, *pair.variants) for pair in pairs]
        self._heads = postings(heads)
        told = (words_of(pair.answer, pair.corrects) for pair in pairs)
        self._answers = postings(said - head for said, head in zip(told, heads, strict=True))

    def matches(
        self, parts: Sequence[Part], wanted: str, without: frozenset[str] = frozenset()
    ) -> list[Match]:
        """The best match of each pair that shares a word with one of the parts, the best first.

        Variants of exactly the words `without` are left out.
        """
        best: dict[int, tuple[float, Variant, Match]] = {}
        for words, whole in parts:
            covered = self._covered(words, whole)
            for number, shared in self._shared(words).items():
                variant = self._variants[number]
                pair, mass, of_it = variant.pair, variant.mass, covered[variant.pair]
                like, same = shared / (whole + mass - shared), variant.wants == wanted != ""
                score = LIKE * like + COVERED * of_it + CONTAINED * shared / mass + WANTED * same
                better = pair not in best or score > best[pair][0]
                if better and variant.words != without:
                    match = Match(self._pairs[pair], like, of_it, shared / mass, same)
                    best[pair] = score, variant, match
        # Of two that fit alike, the one whose own question it is.
        ranked = sorted(best.values(), key=lambda b: (-b[0], not b[1].is_ask, b[1].pair))
        return [match for _, _, match in ranked]

    def _shared(self, words: Iterable[str]) -> dict[int, float]:
        """What each variant that shares a word shares in all."""
        return added((self._asked.get(word, ()), self._weight(word)) for word in sorted(words))

    def _covered(self, words: Iterable[str], whole: float) -> dict[int, float]:
        """Which share of the words each pair has, in its questions or, for less, in its answer."""
        said = []
        for word in sorted(words):
            weight = self._weight(word) / whole
            said += [(self._heads.get(word, ()), weight)]
            said += [(self._answers.get(word, ()), ANSWER * weight)]
        return added(said)

    def _ways(self, number: int, pair: Pair) -> Iterable[Variant]:
        words = ((frozenset(terms(text)), intent(text)) for text in (pair.ask, *pair.variants))
        for place, (said, wants) in enumerate(dict.fromkeys(words)):
            if said:
                yield Variant(number, said, fsum(map(self._weight, said)), wants, place == 0)


def words_of(*texts: str) -> frozenset[str]:
    """All words that count in these texts."""
    return frozenset(terms(" ".join(texts)))


def postings(documents: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """For each word the numbers of the documents that have it."""
    places = defaultdict(list)
    for number, words in enumerate(documents):
        for word in words:
            places[word].append(number)
    return dict(places)


def added(counts: Iterable[tuple[Iterable[int], float]]) -> dict[int, float]:
    """For each number the sum of what it was given."""
    total: dict[int, float] = defaultdict(float)
    for numbers, weight in counts:
        for number in numbers:
            total[number] += weight
    return total
