"""Words that nobody has written before, mended by one letter; long ones of the subject by two."""

from collections.abc import Iterable, Iterator, Mapping

from course.tutor.answering.language import SUBJECT

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def edits(word: str) -> Iterator[str]:
    """Every word one letter away: one left out, swapped, changed or put in."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in LETTERS)


def mended(word: str, often: Mapping[str, int], *, sure: bool) -> str:
    """The word of the subject that was meant, or the word itself.

    `often` counts the words of the course; they are only tried when it is sure that the question
    belongs to it, since one letter makes a `wall` into a `call`.
    """
    if word in often or not word.isalpha() or len(word) < 4:
        return word
    near = set(edits(word)) if len(word) < 16 else set()
    if found := nearest(near, SUBJECT):
        return found
    if len(word) >= 7 and (found := next((s for s in SUBJECT if far(word, s)), "")):
        return found
    if sure and len(word) >= 5:
        return max((each for each in near if each in often), key=lambda w: often[w], default=word)
    return word


def nearest(near: Iterable[str], known: Iterable[str]) -> str:
    """The first of the known words that is near, or nothing."""
    close = set(near)
    return next((word for word in known if word in close), "")


def far(word: str, meant: str) -> bool:
    """Are they two letters apart, and do they begin alike?"""
    if len(meant) < 7 or abs(len(word) - len(meant)) > 2 or word[:2] != meant[:2]:
        return False
    return distance(word, meant) <= 2


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out or changed (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row[0] = row[0], at
        for to, there in enumerate(other, 1):
            last, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, last + (letter != there))
    return row[-1]
