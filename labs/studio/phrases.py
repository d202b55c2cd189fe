"""Phrases: what an author writes to have a point recognised, and where it stands in a sentence.

    retr*                       retry, retries, retried
    (unique|primary key) index  one of several, each of them as long as it likes
    interval .. timeout         up to eight words may stand between
    webhook . browser           up to two
    # (second*|s)               any number
    jitter & cap                both, in any order, in one sentence

One word is also found where it was written as two (back-off for backoff). What stands behind a
"not" does not count: see `found` and `said_against`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from labs.studio.words import PASSED_OVER, Sentence, Word

GAPS = {"..": 8, ".": 2}  # words that may be skipped
BEFORE = 3  # words before a phrase among which a "not" turns it round
TOKEN = re.compile(r"[()|]|[^ ()|]+")
OWN = re.compile(r"[a-z]+")  # the words of a phrase itself
ATOM = re.compile(r"[a-z0-9']+(?:\.[0-9]+)*\*?|#|\.\.?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NUMBERS = _set(
    "one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty "
    "sixty hundred thousand million half twice"
)
NEGATIONS = _set("not no never cannot nor neither avoid skip nobody nothing")
DOUBTS = NEGATIONS | _set(
    "wrong myth impossible mistake unless instead rather without refuse refuses reject rejects "
    "unlike trap tempting naive"
)

Item = str | int | tuple["Items", ...]  # a word, the width of a gap, alternatives
Items = tuple[Item, ...]


class PhraseError(ValueError):
    """A phrase cannot be read; the text names it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first and last word of a phrase in its sentence.

    Of a phrase in several parts it is the first part that is quoted; `since` and `until` span all.
    """

    first: int
    last: int
    since: int
    until: int


def found(phrase: str, sentence: Sentence) -> Found | None:
    """Where the sentence says this, or None; a part that stands behind a "not" does not count."""
    places = []
    for part in parts(phrase):
        free = (p for p in _places(part, sentence.words) if not _denied(p[0], sentence.words))
        place = next(free, None)
        if place is None:
            return None
        places.append(place)
    firsts, lasts = zip(*places, strict=True)
    return Found(*places[0], min(firsts), max(lasts))


def said_against(phrase: str, place: Found, sentence: Sentence) -> bool:
    """Does the sentence doubt what the phrase says, or say it across two clauses?"""
    if sentence.words[place.first].clause != sentence.words[place.last].clause:
        return True
    doubts = DOUBTS - set(OWN.findall(phrase))
    return any(word.says in doubts or word.says.endswith("n't") for word in sentence.words)


@cache
def parts(phrase: str) -> tuple[Items, ...]:
    """The phrase, read; raises PhraseError."""
    read = []
    for part in phrase.split(" & "):
        tokens = TOKEN.findall(part)
        read.append(_items(tokens, phrase))
        if tokens or not read[-1]:
            raise PhraseError(f"the phrase {phrase!r} is not closed, or says nothing")
    return tuple(read)


def _items(tokens: list[str], phrase: str) -> Items:
    """Takes from the tokens what belongs together: up to their end, or to a `)` or `|`."""
    items: list[Item] = []
    while tokens and tokens[0] not in (")", "|"):
        token = tokens.pop(0)
        if token == "(":
            items.append(_alternatives(tokens, phrase))
        elif not ATOM.fullmatch(token):
            raise PhraseError(f"the phrase {phrase!r} has {token!r}, which is not a word of one")
        elif token not in PASSED_OVER:
            items.append(GAPS.get(token, token))
    return tuple(items)


def _alternatives(tokens: list[str], phrase: str) -> tuple[Items, ...]:
    alternatives = [_items(tokens, phrase)]
    while tokens and tokens[0] == "|":
        tokens.pop(0)
        alternatives.append(_items(tokens, phrase))
    if not tokens or not all(alternatives):
        raise PhraseError(f"the phrase {phrase!r} has brackets that are not closed, or are empty")
    tokens.pop(0)
    return tuple(alternatives)


def _places(items: Items, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Their first and last word, wherever the items stand; of several ends the first."""
    for first in range(len(words)):
        end = next((end for end in _ends(items, words, first) if end > first), 0)
        if end:
            yield first, end - 1


def _ends(items: Items, words: Sequence[Word], at: int) -> Iterator[int]:
    """One behind the last word, for each way in which the items stand at `at`."""
    if not items:
        yield at
        return
    for middle in _behind(items[0], words, at):
        yield from _ends(items[1:], words, middle)


def _behind(item: Item, words: Sequence[Word], at: int) -> Iterator[int]:
    if isinstance(item, int):
        yield from range(at, min(at + item, len(words)) + 1)
    elif isinstance(item, tuple):
        for alternative in item:
            yield from _ends(alternative, words, at)
    else:
        yield from (at + taken for taken in _taken(item, words, at))


def _taken(atom: str, words: Sequence[Word], at: int) -> Iterator[int]:
    """How many words the atom takes here: one, or two that were written apart."""
    if at >= len(words):
        return
    one = words[at].says
    if atom == "#":
        if one[0].isdigit() or one in NUMBERS:
            yield 1
    elif _is(atom, one):
        yield 1
    elif at + 1 < len(words) and len(one) < len(atom.rstrip("*")):
        yield from (2,) * _is(atom, one + words[at + 1].says)


def _is(atom: str, word: str) -> bool:
    return word.startswith(atom[:-1]) if atom.endswith("*") else word == atom


def _denied(first: int, words: Sequence[Word]) -> bool:
    """Does a "not" stand shortly before this word, in the same clause?"""
    clause = words[first].clause
    before = words[max(0, first - BEFORE) : first]
    said = (word.says for word in before if word.clause == clause)
    return any(says in NEGATIONS or says.endswith("n't") for says in said)
