"""An exercise as its folder declares it: task, hints, bugs, and what to say after a pass.

`exercise.yaml` in `labs/exercises/m6_heartbeat/` holds the words, `starter.py` what a learner
begins with, `grader.py` the scenarios. Right and wrong solutions lie beside them and are read
only by the gate, and by a learner who asks for the official one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import yaml

from labs.lesson_schema import TEXT, Each, Form, Keys, LessonError, Whole, differences

if TYPE_CHECKING:  # whoever only lists exercises needs no event loop
    from labs.exercises.scenario import Scenario

RUNGS = ("symptom", "question", "concept", "shape", "neighbour")
KINDS = ("class", "function")
HERE = "labs.exercises"

BUG = Keys(
    {"expected": TEXT, "link": TEXT, "next": TEXT, "hint": TEXT},
    {"shipped": TEXT},  # real software that had it, with where to read about it
)
SCHEMA = Keys(
    {
        "id": TEXT,
        "title": TEXT,
        "lesson": TEXT,
        "official": Keys({"file": TEXT, "says": TEXT}),
        "hints": Keys(dict.fromkeys(RUNGS, TEXT)),
        "after": TEXT,
        "spot": Keys(
            {"wrong": TEXT, "line": Whole(), "why": TEXT},
            {"repair": Each(Keys({"line": Whole(), "text": TEXT}), least=1)},
        ),
    }
)


class ExerciseError(LessonError):
    """An exercise's folder is not what the table allows; the text names file and key."""


@dataclass(frozen=True, slots=True)
class Bug:
    """What the contract requires where this bug breaks it, and where to look; never the fix."""

    id: str
    expected: str
    link: str
    next: str
    hint: str
    shipped: str = ""


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each: it may be a key
class Exercise:
    """What stands in the folder; solutions are not part of it."""

    id: str
    title: str
    lesson: str
    asks: Mapping[str, str]  # name -> "class" or "function"
    hints: Mapping[str, str]
    bugs: Mapping[str, Bug]
    official: Mapping[str, str]
    after: str
    spot: Mapping[str, Any]
    folder: str

    @property
    def starter(self) -> str:
        """What the exercise cell holds before anybody wrote in it."""
        return _read(self.folder, "starter.py")

    @property
    def scenarios(self) -> Sequence[Scenario]:
        """How it is judged, in the order in which verdicts are given."""
        found: Sequence[Scenario] = import_module(f"{HERE}.{self.folder}.grader").SCENARIOS
        return found

    def official_solution(self) -> str:
        """The solution to be shown on request."""
        return _read(self.folder, "right", f"{self.official['file']}.py")

    def solutions(self, kind: str) -> dict[str, str]:
        """The sources of the folder `right` or `wrong`, by name."""
        place = files(HERE) / self.folder / kind
        sources = {file.name[:-3]: file.read_text("utf-8") for file in _python(place)}
        return dict(sorted(sources.items()))


def ids() -> tuple[str, ...]:
    """The id of each exercise there is, in the order of the lessons."""
    return tuple(exercise.id for exercise in everything())


@cache
def everything() -> tuple[Exercise, ...]:
    """Each exercise, in the order of lessons and within one of ids."""
    folders = [place.name for place in files(HERE).iterdir() if (place / "exercise.yaml").is_file()]
    return tuple(sorted(map(_loaded, folders), key=lambda one: (one.lesson, one.id)))


def exercise(id: str) -> Exercise:  # noqa: A002 - the word that learners type
    """The exercise of that id. Raises ExerciseError with the ids there are."""
    folder = id.replace(".", "_")
    if (files(HERE) / folder / "exercise.yaml").is_file():
        return _loaded(folder)
    raise ExerciseError(f"there is no exercise {id!r}; there are: {', '.join(ids())}")


@cache
def _loaded(folder: str) -> Exercise:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where it was built
    content = yaml.load(_read(folder, "exercise.yaml"), Loader=loader)
    for trouble in differences(content, _form(content), ""):
        raise ExerciseError(f"{folder}/exercise.yaml: {trouble}")
    bugs = {name: Bug(name, **parts) for name, parts in content.pop("bugs").items()}
    return Exercise(**content, bugs=bugs, folder=folder)


def _form(content: Any) -> Form:
    """The schema, with the names that this file chose itself as keys."""
    bugs, asks = (content.get(name) or {} for name in ("bugs", "asks"))
    own = {"bugs": Keys(dict.fromkeys(bugs, BUG)), "asks": Keys(dict.fromkeys(asks, TEXT))}
    return Keys({**SCHEMA.must, **own})


def _read(folder: str, *names: str) -> str:
    place: Traversable = files(HERE) / folder
    for name in names:
        place = place / name
    return place.read_text("utf-8")


def _python(place: Traversable) -> list[Traversable]:
    return [f for f in place.iterdir() if f.name.endswith(".py") and f.name != "__init__.py"]
