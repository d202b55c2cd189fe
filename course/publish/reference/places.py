"""Where a lesson's page and its headings are, seen from a page of the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.publish import notebook
from course.publish.links import headings, slug
from course.publish.pages import number_of
from labs.lessons import Lesson


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson that the site has: its page, and what its headings are called."""

    about: Lesson
    headings: Mapping[str, str]  # the site's anchor -> the heading's text


@dataclass(frozen=True, slots=True)
class Places:
    """All lessons that the site has, by their ids."""

    known: Mapping[str, Place]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """The lessons, in the order of the course."""
        return tuple(place.about for place in self.known.values())

    def link(self, lesson: str, anchor: str = "") -> str:
        """A link to that heading, named after it; plain text for a lesson still to come."""
        place = self.known.get(lesson)
        if place is None:
            return f"{lesson.upper()} (to come)"
        page, wanted = f"../lessons/{place.about.name}.md", slug(anchor)
        if wanted not in place.headings:
            return f"[{number_of(place.about)}: {place.about.title}]({page})"
        return f"[{number_of(place.about)}: {place.headings[wanted]}]({page}#{wanted})"

    def number(self, lesson: str) -> str:
        """M6, as a link to the lesson's page where there is one."""
        place = self.known.get(lesson)
        if place is None:
            return lesson.upper()
        return f"[{number_of(place.about)}](../lessons/{place.about.name}.md)"


def places(lessons: Mapping[Path, Lesson]) -> Places:
    """The places of these lessons, each with its notebook."""
    return Places(
        {
            about.id: Place(about, {slug(text): text for _, _, text in headings(cells)})
            for about, cells in ((about, notebook.read(path)) for path, about in lessons.items())
        }
    )
