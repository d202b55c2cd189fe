"""Text as sentences, and sentences as words that can be compared.

The rules are few and spelled out character by character, since site/scripts/studio_words.js
follows the same ones: nothing here depends on a language's own idea of a space or a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANK = " \t\u00a0"
LINES = re.compile(r"[\r\n]+")
BULLET = re.compile(r"^(?:[-*•>#]+|[0-9]{1,2}[.)])[ \t\u00a0]+")
END = re.compile(r"[.!?]+[\"'”’)\]]*[ \t\u00a0]+")
# What ends in a full stop and ends no sentence.
SHORT = ("e.g", "i.e", "vs", "etc", "cf", "approx", "resp")
WORD = re.compile(  # 20s is 20 and s, 50k is one word
    r"[0-9]+(?:[.,][0-9]+)*(?:[kKM](?![A-Za-z]))?|[A-Za-z][A-Za-z0-9]*(?:['’][A-Za-z]+)?|%"
)
THOUSANDS = re.compile(r"^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$")
BORDER = re.compile(r"[,;:()—–\"“”]")
# Words that stand anywhere and decide nothing.
PASSED_OVER = frozenset(["a", "an", "the", "my", "our", "your", "their", "its"])


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, where it stands in its sentence, and in which clause."""

    says: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was written, and its words."""

    text: str
    words: tuple[Word, ...]

    def between(self, first: int, last: int) -> str:
        """What was written from the first of these words to the last."""
        return self.text[self.words[first].start : self.words[last].end]


def sentences(text: str) -> list[Sentence]:
    """The sentences of the text, in order; a line break ends one, and a bullet belongs to none."""
    lines = (BULLET.sub("", line.strip(BLANK)) for line in LINES.split(text))
    parts = (part.strip(BLANK) for line in lines for part in _cut(line))
    made = (Sentence(part, tuple(words(part))) for part in parts)
    return [sentence for sentence in made if sentence.words]


def words(text: str) -> Iterator[Word]:
    """The words of the text, without the few that decide nothing."""
    clause, before = 0, 0
    for found in WORD.finditer(text):
        clause += 1 if BORDER.search(text, before, found.start()) else 0
        before = found.end()
        says = _plain(found[0])
        if says not in PASSED_OVER:
            yield Word(says, found.start(), found.end(), clause)


def count(text: str) -> int:
    """How many words the text has, as a reader counts them."""
    return len(WORD.findall(text))


def _cut(line: str) -> Iterator[str]:
    start = 0
    for end in END.finditer(line):
        if not line[start : end.start()].lower().endswith(SHORT):
            yield line[start : end.end()]
            start = end.end()
    yield line[start:]


def _plain(word: str) -> str:
    """6,700 is 6700, 40.0 is 40, % is percent, the peer's is the peer."""
    if word == "%":
        return "percent"
    if THOUSANDS.match(word):
        word = word.replace(",", "")
    if "." in word and word[0].isdigit():
        word = word.rstrip("0").rstrip(".") if word.count(".") == 1 else word
    return word.lower().replace("’", "'").removesuffix("'s")
