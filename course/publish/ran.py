"""What the author gate looks at: a lesson before and after a fresh run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labs.lessons import Lesson

TOUR = "00"  # the lesson that shows everything once is free of the six headings


@dataclass(frozen=True, slots=True)
class Ran:
    """A lesson as it is stored, as it came out of a fresh kernel, and what its claims came to."""

    lesson: Lesson
    stored: Any
    fresh: Any
    judged: str

    @property
    def tour(self) -> bool:
        """Is this lesson 00, which has another shape?"""
        return self.lesson.name.startswith(TOUR)
