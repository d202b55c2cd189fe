"""Whether a paragraph bears out a sentence: its figures stand there, and enough of its words.

This knows words, not meaning. It catches what a model invents: a number that the paragraph does
not have, a sentence about something else behind a number that is on the list.
"""

import re
from collections.abc import Iterable, Sequence

from course.tutor.models.model import Source

MARKER = re.compile(r"\[(\d{1,3})\]")
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
SMALL = 12  # up to here a number counts what is in the sentence itself
WORD = re.compile(r"[a-z]{5,}")
STEM = 5  # letters that two forms of a word have in common
FEW = 4  # content words, below which their share says nothing
SHARE = 1 / 3


class Support:
    """What the sources say, and what the learner said, by figures and stems."""

    def __init__(self, sources: Sequence[Source], learners: str) -> None:
        self.sources = {each.n: each for each in sources}
        said = {each.n: f"{each.title} {each.text}" for each in sources}
        self._figures = {n: figures(text) for n, text in said.items()}
        self._of_learner = figures(learners)
        self._stems = stems(" ".join((*said.values(), learners)))

    def numbers(self, text: str) -> tuple[int, ...] | None:
        """The sources that the text names; None where one of them is not there."""
        named = tuple(dict.fromkeys(int(number) for number in MARKER.findall(text)))
        return named if all(number in self.sources for number in named) else None

    def bears_out(self, text: str, named: Iterable[int]) -> bool:
        """Do these sources have the figures of the text, and all of them a third of its words?"""
        said = MARKER.sub("", text)
        there = self._of_learner.union(*(self._figures[number] for number in named))
        if any(figure > SMALL and figure not in there for figure in figures(said)):
            return False
        own = stems(said)
        return len(own) < FEW or len(own & self._stems) >= SHARE * len(own)


def figures(text: str) -> set[float]:
    """The numbers in the text."""
    return {float(found.replace(",", "")) for found in FIGURE.findall(text)}


def stems(text: str) -> set[str]:
    """How its longer words begin."""
    return {word[:STEM] for word in WORD.findall(text.lower())}
