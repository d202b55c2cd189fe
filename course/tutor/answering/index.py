"""The passages and pairs, ready to be asked: an FTS5 table, word weights, and each pair's variants.

Standard library only, since it also runs in the reader's tab. `Index.open` takes the content of
`tutor/passages.json` and keeps everything in memory; nothing is written.
"""

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.tutor.answering import passages as read
from course.tutor.answering.matching import Match, Matching, words_of
from course.tutor.answering.passages import Pair, Passage
from course.tutor.answering.spelling import mended
from course.tutor.answering.words import NEUTRAL, STRONG, intent, terms

TOP = 5  # passages
CLAUSE = re.compile(r"[.?!;:,\n]+\s+|\s[-–]\s|\b(?:because|but|so that)\b")
RAW = re.compile(r"[a-z]+")
FEW = 3  # terms that a clause of a long question needs to be read by itself
UNKNOWN = 0.75  # what a word that the course does not have says, of the most that one can say


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the words that count: the whole of it, and clause by clause if it is long."""

    text: str
    words: tuple[str, ...]
    parts: tuple[frozenset[str], ...]
    intent: str = ""


class Index:
    """What the tutor knows."""

    def __init__(
        self, passages: Sequence[Passage], pairs: Sequence[Pair], thresholds: Mapping[str, Any]
    ) -> None:
        self.passages = tuple(passages)
        self.pairs = tuple(pairs)
        self.thresholds = thresholds
        texts = [each.text for each in passages]
        columns = [(terms(p.title), terms(" ".join(p.path)), terms(p.text)) for p in passages]
        told = [" ".join((p.ask, *p.variants, p.answer, p.corrects)) for p in pairs]
        self._passage_terms = [frozenset().union(*each) for each in columns]
        self._weights = weights([*self._passage_terms, *map(words_of, told)])
        self._unknown = UNKNOWN * max(self._weights.values())
        self._matching = Matching(self.pairs, self.weight)
        self._number = {id(each): n for n, each in enumerate(self.passages)}
        self._often = Counter(RAW.findall(" ".join((*texts, *told)).lower()))
        self._table = table(columns)

    @classmethod
    def open(cls, content: Mapping[str, Any]) -> "Index":
        """The index of a passages file."""
        passages = [read.passage(each) for each in content["passages"]]
        pairs = [read.pair(each) for each in content["pairs"]]
        return cls(passages, pairs, content["thresholds"])

    def understood(self, question: str) -> Asked:
        """The question, mended where one letter is wrong, as the words that count."""
        sure = bool(STRONG & set(terms(self._mended(question, sure=False))))
        text = self._mended(question, sure=sure)
        words = tuple(dict.fromkeys(self._telling(text)))
        clauses = [frozenset(self._telling(part)) for part in CLAUSE.split(text)]
        parts = [part for part in clauses if len(part) >= FEW] if len(clauses) > 1 else []
        return Asked(text, words, (frozenset(words), *parts), intent(text))

    def weight(self, word: str) -> float:
        """How much a word says; one that the course does not have says much."""
        return self._weights.get(word, self._unknown)

    def knows(self, word: str) -> bool:
        """Does the course have this word?"""
        return word in self._weights

    def mass(self, words: Iterable[str]) -> float:
        """How much these words say together."""
        return math.fsum(map(self.weight, words))  # exact, so that no order of words changes it

    def covered(self, words: frozenset[str], by: frozenset[str]) -> float:
        """The share of what the words say that is also said there."""
        whole = self.mass(words)
        return self.mass(words & by) / whole if whole else 0.0

    def matches(self, asked: Asked, without: frozenset[str] = frozenset()) -> list[Match]:
        """The pairs that share a word with the question, the best first.

        Variants of exactly these words are left out: so the gate is calibrated on variants as if
        nobody had thought of them.
        """
        parts = [(part, self.mass(part)) for part in asked.parts]
        return self._matching.matches(parts, asked.intent, without)

    def search(self, asked: Asked) -> list[Passage]:
        """The passages that FTS5 ranks first; headings weigh more than the text."""
        if not asked.words:
            return []
        query = " OR ".join(f'"{word}"' for word in asked.words)
        rows = self._table.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? "
            "ORDER BY bm25(passages, 3, 4, 1) LIMIT ?",
            (query, TOP),
        )
        return [self.passages[row] for (row,) in rows]

    def coverage(self, asked: Asked, found: Iterable[Passage]) -> float:
        """The best share of the question's words, or a clause's, in one of these passages."""
        there = [self._passage_terms[self.number(each)] for each in found]
        shares = (self.covered(part, each) for part in asked.parts for each in there)
        return max(shares, default=0.0)

    def number(self, passage: Passage) -> int:
        """Which of the passages this is."""
        return self._number[id(passage)]

    def _telling(self, text: str) -> list[str]:
        """The words that count, without those that may be said of anything."""
        return [word for word in terms(text) if self.knows(word) or word not in NEUTRAL]

    def _mended(self, text: str, *, sure: bool) -> str:
        return RAW.sub(lambda word: mended(word[0], self._often, sure=sure), text.lower())


def weights(documents: Sequence[frozenset[str]]) -> dict[str, float]:
    """How rare each word is among the documents (inverse document frequency)."""
    seen = Counter(word for document in documents for word in document)
    return {word: math.log(1 + len(documents) / count) for word, count in seen.items()}


def table(columns: Sequence[tuple[Sequence[str], ...]]) -> sqlite3.Connection:
    """A full-text table of the passages' stems (title, headings, text), in memory."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    words = "tokenize = \"unicode61 tokenchars '-_.'\""
    database.execute(f"CREATE VIRTUAL TABLE passages USING fts5(title, path, body, {words})")
    rows = ((n, *map(" ".join, each)) for n, each in enumerate(columns))
    database.executemany("INSERT INTO passages(rowid, title, path, body) VALUES (?, ?, ?, ?)", rows)
    return database
