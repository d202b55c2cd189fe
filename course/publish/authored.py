"""The questions that people ask, each with its answer: the lessons' YAML, and the rest of the map.

`course/tutor/questions/*.yaml` holds what no lesson says yet. A file has a `title`, a `lead`, a
`source` for all its answers, and `questions`: ask, variants, answer, next, and where they apply
corrects (what people believe instead), lesson (where a run shows it, `m6#anchor`), source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from course.publish.links import slug
from labs.lesson_schema import LessonError
from labs.lessons import Lesson

QUESTIONS = Path(__file__).resolve().parents[1] / "tutor" / "questions"
REST = "reference/the-rest-of-the-map"
MYTHS = "reference/myths"
READ = "2026-11"  # when the sources of the answers were read
FIELDS = {"ask", "variants", "answer", "next", "corrects", "lesson", "source"}


@dataclass(frozen=True, slots=True)
class Authored:
    """One question with its answer, and the paragraph of the site in which the answer stands."""

    ask: str
    variants: tuple[str, ...]
    answer: str
    page: str
    anchor: str
    corrects: str = ""
    lesson: str = ""  # m6#anchor: where to read on
    next: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of the map that no lesson covers yet, or not in these words."""

    title: str
    lead: str
    questions: tuple[Authored, ...]

    @property
    def anchor(self) -> str:
        """The anchor of its heading."""
        return slug(self.title)


def subjects(folder: Path = QUESTIONS) -> tuple[Subject, ...]:
    """The parts of the map, in the order of their files. Raises LessonError."""
    return tuple(_subject(path) for path in sorted(folder.glob("*.yaml")))


def of_lessons(lessons: Iterable[Lesson]) -> Iterator[Authored]:
    """What the lessons' YAML asks; its answers stand on the page of myths."""
    for about in lessons:
        for entry in about.content.get("questions", ()):
            yield Authored(
                entry["ask"],
                tuple(entry["variants"]),
                entry["answer"].strip(),
                MYTHS,
                in_myths(about, entry["ask"]),
                entry["corrects"].removeprefix("that "),
                f"{about.id}#{entry['anchor']}",
            )


def in_myths(about: Lesson, ask: str) -> str:
    """The anchor of this question's answer on the page of myths."""
    return f"{about.id}-{slug(ask)}"


def _subject(path: Path) -> Subject:
    read = yaml.safe_load(path.read_text("utf-8"))
    entries = tuple(_authored(entry, read["source"], path.name) for entry in read["questions"])
    return Subject(read["title"], read["lead"], entries)


def _authored(entry: Mapping[str, Any], source: str, file: str) -> Authored:
    if unknown := set(entry) - FIELDS:
        raise LessonError(f"{file}: {entry.get('ask')!r} has {sorted(unknown)}, which nobody reads")
    return Authored(
        entry["ask"],
        tuple(entry["variants"]),
        entry["answer"].strip(),
        REST,
        slug(entry["ask"]),
        entry.get("corrects", ""),
        entry.get("lesson", ""),
        entry.get("next", ""),
        entry.get("source", source),
    )
