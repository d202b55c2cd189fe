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

# A point's or a flag's phrases; or for a flag, by kind, as labs.studio.review.Flag has them.
Written = Sequence[str] | Mapping[str, Sequence[str]]
Phrases = Mapping[str, Mapping[str, Mapping[str, Written]]]


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
        for written in (each for points in kinds.values() for each in points.values()):
            for phrase in _phrases(written):
                parts(phrase)
    return dict(content)


def _phrases(written: Written) -> Sequence[str]:
    """Each of them; what stands under `without` are ids of points."""
    if isinstance(written, Mapping):
        return [*written.get("heard", ()), *written.get("unless", ())]
    return written


def _asked(entry: Mapping[str, Any], heard: Mapping[str, Any]) -> Asked:
    strong, flags = heard.get("strong", {}), heard.get("flags", {})
    return Asked(
        tuple(
            Point(f"strong-{number}", says, tuple(strong.get(says, ())))
            for number, says in enumerate(entry["strong"], 1)
        ),
        tuple(
            _flag(f"flag-{number}", says, flags.get(says, ()))
            for number, says in enumerate(entry["flags"], 1)
        ),
    )


def _flag(name: str, says: str, written: Written) -> Flag:
    kinds = written if isinstance(written, Mapping) else {"heard": written}
    return Flag(
        name,
        says,
        "",
        tuple(kinds.get("heard", ())),
        without=tuple(kinds.get("without", ())),
        unless=tuple(kinds.get("unless", ())),
    )
