"""Whether a passage bears a sentence out: it holds its numbers, its names and nearly its words."""

from __future__ import annotations

import re

from course.tutor.answering.language import STOP

NEEDED = 0.8  # of the words that mean something
WORD = re.compile(r"[A-Za-z0-9][\w'./-]*")


def bears_out(passage: str, sentence: str) -> bool:
    """Does the passage hold every number and name of the sentence, and most of its words?"""
    there = {_root(word) for word in WORD.findall(passage)}
    said = [word for word in WORD.findall(sentence) if word.lower() not in STOP]
    exact = [word for word in said if re.search(r"\d|[a-z][A-Z]|-[A-Z]", word)]
    held = sum(_root(word) in there for word in said)
    return all(_root(word) in there for word in exact) and held >= NEEDED * len(said)


def _root(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word.lower().strip("./'-"))
