"""The cards of all lessons as data: what the page asks, and what a reader takes elsewhere.

A card is known by its lesson and its front, so that what somebody has learnt of it outlives every
build. Each question of a quiz or a test-out is a card too, which waits until it was answered wrong,
unless the question names a card of its lesson instead.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labs.lesson_schema import LessonError
from labs.lessons import LETTERS, Lesson

COLUMNS = ("lesson", "front", "back", "source")


@dataclass(frozen=True, slots=True)
class Card:
    """One card; `asked` when it waits for a wrong answer, and then with its choices."""

    id: str
    lesson: str
    name: str
    title: str
    front: str
    back: str
    source: str
    asked: bool = False
    choices: tuple[str, ...] = ()


def cards(lessons: Iterable[Lesson]) -> tuple[Card, ...]:
    """Every card there is, in the order of the lessons.

    Raises LessonError when two cards of a lesson have one front, or a question names no card.
    """
    found = [card for about in lessons for card in (*_own(about), *_asked(about))]
    seen: set[str] = set()
    for card in found:
        if card.id in seen:
            raise LessonError(f"{card.name}.yaml: two cards ask {card.front!r}; each needs its own")
        seen.add(card.id)
    return tuple(found)


def as_json(found: Sequence[Card]) -> str:
    """What the page reads: fields that say nothing are left out."""
    rows = [{key: value for key, value in asdict(card).items() if value} for card in found]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n"


def as_csv(found: Sequence[Card]) -> str:
    """The cards that wait for nothing, as a spreadsheet and Anki read them (RFC 4180)."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows((c.title, c.front, c.back, c.source) for c in found if not c.asked)
    return text.getvalue()


def titled(about: Lesson) -> str:
    """The lesson as a card names it: M6 Is anybody there?"""
    return f"{about.id.upper()} {about.title}"


def identity(about: Lesson, front: str) -> str:
    """The card's id; `site/scripts/quiz.js` makes the same one."""
    return f"{about.id}: {front}"


def _own(about: Lesson) -> Iterator[Card]:
    for card in about.content.get("cards", ()):
        yield _card(about, card["front"], card["back"], card["source"])


def _asked(about: Lesson) -> Iterator[Card]:
    fronts = {card["front"] for card in about.content.get("cards", ())}
    for section in ("test_out", "quiz"):
        for item in about.content.get(section, ()):
            if item.get("card", item["ask"]) in fronts:
                continue
            if "card" in item:
                raise LessonError(f"{about.name}.yaml: {section} names no card: {item['card']!r}")
            yield _question(about, item)


def _question(about: Lesson, item: Mapping[str, Any]) -> Card:
    lettered = list(zip(LETTERS, item["choices"], strict=False))
    choices = tuple(f"{letter}. {choice['text']}" for letter, choice in lettered)
    letter, right = next(each for each in lettered if each[1].get("right"))
    back = f"{letter}. {right['text']}: {right['why']}"
    return _card(about, item["ask"], back, "a question of the lesson", asked=True, choices=choices)


def _card(about: Lesson, front: str, back: str, source: str, **more: Any) -> Card:
    where = (identity(about, front), about.id, about.name, titled(about))
    return Card(*where, front, back, source, **more)
