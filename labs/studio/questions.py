"""The interview questions of the lessons, with the phrases by which a point is heard.

A question, its strong points and its red flags are the lesson's own (`interview` of its YAML);
`heard/NN_topic.yaml` adds phrases to the lesson's very words. A point for which nobody has written
phrases is the reader's to judge, and a phrase whose point is gone is `stale`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from labs.lesson_schema import parsed
from labs.studio.phrases import parts
from labs.studio.review import Asked, Flag, Point

Phrases = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Question:
    """One interview question of a lesson: its id (m6-1), the lesson's entry, what is heard."""

    id: str
    lesson: str
    content: Mapping[str, Any]
    asked: Asked


def questions(lesson: str, number: str, interview: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions of the lesson `06_liveness`, which is called `m6`."""
    heard = phrases(lesson)
    return [
        Question(f"{number}-{nth}", lesson, entry, _asked(entry, heard.get(entry["ask"], {})))
        for nth, entry in enumerate(interview, 1)
    ]


def stale(lesson: str, interview: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the phrases speak of and the lesson does not say any more, one sentence each."""
    asked = {entry["ask"]: entry for entry in interview}
    gone = [f"the question {ask!r}" for ask in phrases(lesson) if ask not in asked]
    for ask, kinds in phrases(lesson).items():
        for kind, points in kinds.items():
            said = asked.get(ask, {}).get(kind, points)
            gone += [f"of {ask!r} the point {says!r}" for says in points if says not in said]
    return gone


def phrases(lesson: str) -> Phrases:
    """Question -> strong or flags -> the lesson's words -> phrases; empty when there are none."""
    file = files("labs.studio").joinpath("heard", f"{lesson}.yaml")
    content = parsed(file.read_text("utf-8"), file.name) if file.is_file() else {}
    for kinds in content.values():
        for phrase in (each for points in kinds.values() for p in points.values() for each in p):
            parts(phrase)
    return dict(content)


def _asked(entry: Mapping[str, Any], heard: Mapping[str, Any]) -> Asked:
    strong, flags = heard.get("strong", {}), heard.get("flags", {})
    return Asked(
        tuple(
            Point(f"strong-{number}", says, tuple(strong.get(says, ())))
            for number, says in enumerate(entry["strong"], 1)
        ),
        tuple(
            Flag(f"flag-{number}", says, "", tuple(flags.get(says, ())))
            for number, says in enumerate(entry["flags"], 1)
        ),
    )
