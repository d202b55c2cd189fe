"""The parts of the site that depend on which lessons there are, and the home page's picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from course.publish.outputs import picture
from course.publish.pages import number_of, passed
from labs.lessons import Lesson


def cards(lessons: Sequence[Lesson], exercises: Mapping[str, Sequence[str]] | None = None) -> str:
    """One card a lesson: number, title, minutes, exercises, what the reader will be able to do."""
    ids = exercises or {}
    each = (_card(about, ids.get(about.name, ())) for about in lessons)
    return '<ol class="hls-cards">' + "".join(each) + "</ol>\n"


def first(lessons: Sequence[Lesson]) -> str:
    """The way into the first lesson."""
    if not lessons:
        return "<span>The first lesson is being written.</span>\n"
    return (
        f'<a class="hls-button hls-button--main" href="lessons/{lessons[0].name}/">'
        f"Read the first lesson</a>\n"
    )


def contents(
    lessons: Sequence[Lesson], exercises: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The page that lists the lessons."""
    ids = exercises or {}
    lines = [
        f"## [{number_of(each)} · {each.title}]({each.name}.md)\n\n{each.head} "
        f"{passed(each.name, ids.get(each.name, ()))}\n\n"
        + "\n".join(f"- {promise}" for promise in each.content["lesson"].get("promises", ()))
        for each in lessons
    ]
    lead = "# Lessons\n\nEach stands on its own core path; what it needs first is said."
    return "\n\n".join([lead, *lines]) + "\n"


def hero() -> str:
    """A picture of a run that is made while the site is built, with its text twin."""
    try:
        from course.publish.hero import outcome
    except ImportError:
        return "\n"
    bundle = outcome()._repr_mimebundle_()
    return picture(bundle["image/svg+xml"], bundle["text/plain"], "hero") + "\n"


def _card(about: Lesson, exercises: Sequence[str]) -> str:
    content = about.content["lesson"]
    promises = "".join(f"<li>{escape(each)}</li>" for each in content.get("promises", ()))
    return (
        f'<li><a href="lessons/{about.name}/"><span class="hls-number">{number_of(about)}</span>'
        f'<span class="hls-title">{escape(about.title)}</span>'
        f'<span class="hls-minutes">{content["core_minutes"]} min core · '
        f"{content['minutes']} min whole</span>{passed(about.name, exercises)}</a>"
        f"<ul>{promises}</ul></li>"
    )
