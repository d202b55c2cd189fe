"""What an answer says, by its words: points with the sentence that made them, flags, a score.

A dimension stands at the highest level of its points that were found, and no higher than one
above their number: one brilliant sentence alone is worth 2 of 4. A list of words names points and
explains none of them: there each counts as level 1. A critical flag caps the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labs.studio.phrases import Found, found, said_against
from labs.studio.words import Sentence, count, sentences

LEAST = 40  # words, before what an answer leaves out is held against it
LEVELS = 4
ROOM = 4  # words in a clause, before it says more than a name
LIST = 0.6  # of a sentence in such short clauses make it a list, if there are a few of them
AFTER = "after"  # the text that answers a changed requirement


@dataclass(frozen=True, slots=True)
class Point:
    """Something a strong answer says, how it is recognised, and which lesson shows it."""

    id: str
    says: str
    heard: tuple[str, ...] = ()
    dimension: str = ""
    level: int = 1
    lesson: str = ""
    after: bool = False  # said to a changed requirement: only what was written after it counts


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a strong answer does not say (`heard`), or does not leave out (`without`).

    It is not raised where the same sentence doubts it, unless the author is `sure`; nor where
    `unless` is said: in that sentence, or, for what was left out, anywhere.
    """

    id: str
    says: str
    why: str
    heard: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    critical: bool = False
    lesson: str = ""
    sure: bool = False
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is held against."""

    points: tuple[Point, ...]
    flags: tuple[Flag, ...]
    dimensions: tuple[str, ...] = ()
    cap: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the answer, the words in it that count, and which text it stands in.

    `bare`: the words stand in a list, so that they name something and say no more.
    """

    sentence: str
    on: str
    where: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What was found. `total` is `sum` unless a critical flag caps it."""

    points: Mapping[str, Quote | None]
    flags: Mapping[str, Quote]
    scores: Mapping[str, int] = field(default_factory=dict)
    sum: int = 0
    total: int = 0
    capped: bool = False
    words: int = 0

    def record(self) -> dict[str, Any]:
        """The same as JSON has it; site/scripts/studio_review.js returns its twin."""
        return asdict(self)


def review(
    asked: Asked,
    texts: Mapping[str, str],
    attached: Sequence[str] = (),
    own: Mapping[str, bool] | None = None,
) -> Review:
    """What these texts (name -> text, read in order) say.

    `attached` are the sentences under which runs were kept; `own` is the reader's judgement of
    points and flags, which holds against what the phrases say.
    """
    written = [(where, one) for where, text in texts.items() for one in sentences(text)]
    later = [each for each in written if each[0] == AFTER]
    points = {p.id: _quote(p.heard, later if p.after else written) for p in asked.points}
    points |= {name: q for name, q in _evidence(attached, written) if name in points}
    judged = own or {}
    held = {name for name, q in points.items() if judged.get(name, q is not None)}
    length = sum(map(count, texts.values()))
    left = [flag for flag in asked.flags if judged.get(flag.id, True)]
    flags = dict(_flags(left, held, written, length))
    named = {name for name, q in points.items() if q and q.bare and not judged.get(name)}
    scores = {name: _score(name, asked.points, held, named) for name in asked.dimensions}
    most = sum(scores.values())
    capped = any(flag.critical and flag.id in flags for flag in asked.flags) and most > asked.cap
    return Review(points, flags, scores, most, asked.cap if capped else most, capped, length)


def _quote(heard: Iterable[str], written: Sequence[tuple[str, Sentence]]) -> Quote | None:
    """What says the earliest of these phrases, in a clause of its own rather than in a list."""
    bare = None
    for phrase in heard:
        for where, sentence in written:
            if place := found(phrase, sentence):
                quote = _quoted(where, sentence, place)
                if not quote.bare:
                    return quote
                bare = bare or quote
    return bare


def _quoted(where: str, sentence: Sentence, place: Found) -> Quote:
    words = sentence.words
    clauses = range(words[place.since].clause, words[place.until].clause + 1)
    lengths = Counter(word.clause for word in words)
    room = sum(lengths[clause] for clause in clauses)
    short = sum(length for length in lengths.values() if length < ROOM)
    listed = len(lengths) >= ROOM and short > LIST * len(words)
    bare = room < ROOM and (listed or len(words) < ROOM - 1)
    return Quote(sentence.text, sentence.between(place.first, place.last), where, bare)


def _flags(
    flags: Iterable[Flag],
    held: set[str],
    written: Sequence[tuple[str, Sentence]],
    length: int,
) -> Iterator[tuple[str, Quote]]:
    for flag in flags:
        if flag.without and (length < LEAST or held & set(flag.without)):
            continue
        if quote := _raised(flag, written):
            yield flag.id, quote


def _raised(flag: Flag, written: Sequence[tuple[str, Sentence]]) -> Quote | None:
    """What says the earliest of the flag's phrases and does not take it back."""
    if flag.without:
        return None if _quote(flag.unless, written) else _quote(flag.heard, written)
    for phrase in flag.heard:
        for where, sentence in written:
            place = found(phrase, sentence)
            if not place or any(found(each, sentence) for each in flag.unless):
                continue
            if flag.sure or not said_against(phrase, place, sentence):
                return _quoted(where, sentence, place)
    return None


def _evidence(
    attached: Sequence[str], written: Sequence[tuple[str, Sentence]]
) -> Iterator[tuple[str, Quote]]:
    """What an attached run adds: that there is one, and that the answer has a number of it."""
    if not attached:
        return
    yield "attached", Quote(attached[0], attached[0], "evidence")
    kept = {word.says for says in attached for one in sentences(says) for word in one.words}
    numbers = {word for word in kept if word[0].isdigit()}
    for where, sentence in written:
        for word in sentence.words:
            if word.says in numbers:
                on = sentence.text[word.start : word.end]
                yield "quoted", Quote(sentence.text, on, where)
                return


def _score(dimension: str, points: Iterable[Point], held: set[str], named: set[str]) -> int:
    of_it = [point for point in points if point.dimension == dimension and point.id in held]
    levels = [1 if point.id in named else point.level for point in of_it]
    return min(max(levels), len(levels) + 1, LEVELS) if levels else 0
