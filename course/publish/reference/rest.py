"""The rest of the map: what people ask and no lesson says yet, as prose with an anchor each."""

from __future__ import annotations

from collections.abc import Sequence

from course.publish.authored import READ, Authored, Subject
from course.publish.reference.places import Places


def rest(parts: Sequence[Subject], where: Places) -> str:
    """A line of links to jump by, then each subject with its questions and answers."""
    jumps = " · ".join(f"[{part.title}](#{part.anchor})" for part in parts)
    return "\n\n".join([jumps, *(_subject(part, where) for part in parts)])


def _subject(part: Subject, where: Places) -> str:
    answers = "\n\n".join(_answer(entry, where) for entry in part.questions)
    return f"## {part.title}\n\n{part.lead}\n\n{answers}"


def _answer(entry: Authored, where: Places) -> str:
    source = f"<small>Source: {entry.source}; <time>{READ}</time>.{_read_on(entry, where)}</small>"
    return f"### {entry.ask} {{ #{entry.anchor} }}\n\n{entry.answer}\n\n{source}"


def _read_on(entry: Authored, where: Places) -> str:
    lesson, _, anchor = entry.lesson.partition("#")
    return f" Read on in {where.link(lesson, anchor)}." if lesson else ""
