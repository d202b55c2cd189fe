"""The design prompts in `designs/` and the rubric they share, read from their YAML and checked.

An author writes points (what a strong answer says, and the phrases by which it is recognised),
flags, two changes of the requirement, the parts of a drawing, follow-ups and a model answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from labs import lesson_schema as schema
from labs.lesson_schema import TEXT, TEXTS, Each, Keys, LessonError, Whole, Words, Yes
from labs.studio.phrases import parts
from labs.studio.review import Asked, Flag, Point
from labs.studio.sketch import Need

LEVELS = Keys({"junior": TEXT, "senior": TEXT, "staff": TEXT})
POINT = Keys(
    {"id": TEXT, "in": TEXT, "level": Whole(), "says": TEXT, "heard": TEXTS}, {"lesson": TEXT}
)
FLAG = Keys(
    {"id": TEXT, "says": TEXT, "why": TEXT, "heard": TEXTS},
    {"without": TEXTS, "lesson": TEXT, "sure": Yes(), "unless": TEXTS},
)
CHANGE = Keys(
    {"id": TEXT, "title": TEXT, "says": TEXT, "points": Each(POINT, 3), "answer": Words(40, 160)}
)
NEED = Keys(
    {"id": TEXT, "says": TEXT},
    {"part": TEXTS, "from": TEXTS, "to": TEXTS, "label": TEXTS, "either_way": Yes()},
)
NEXT = Keys(
    {"ask": TEXT, "lesson": TEXT},
    {"missing": TEXT, "panel": TEXT, "turn": TEXT, "look": TEXT},
)
PROMPT = Keys(
    {
        "title": TEXT,
        "lead": TEXT,
        "brief": Words(40, 140),
        "asks": Each(Keys({"ask": TEXT, "says": TEXT}), 5, 8),
        "points": Each(POINT, 20),
        "critical": TEXTS,
        "flags": Each(FLAG, 3),
        "changes": Each(CHANGE, 2, 2),
        "drawing": Keys({"example": TEXT, "needs": Each(NEED, 5)}),
        "follow_ups": Each(NEXT, 4, 8),
        "levels": LEVELS,
        "answer": Words(300, 620),
    }
)
RUBRIC = Keys(
    {
        "cap": Whole(),
        "lead": TEXT,
        "levels": Each(TEXT, 5, 5),
        "dimensions": Each(Keys({"id": TEXT, "title": TEXT, "asks": TEXT}), 8, 8),
        "shared": Each(POINT),
        "critical": Each(FLAG),
        "pace": Each(Keys({"from": Words(), "says": TEXT})),
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """A requirement that changes half-way, what a strong answer says to it, and one answer."""

    id: str
    title: str
    says: str
    points: tuple[Point, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A design prompt; `content` is the YAML as it was written, for whoever shows it."""

    id: str
    content: Mapping[str, Any]
    points: tuple[Point, ...]
    flags: tuple[Flag, ...]
    changes: tuple[Change, ...]
    needs: tuple[Need, ...]

    @property
    def title(self) -> str:
        """What is to be designed."""
        return str(self.content["title"])

    def asked(self, change: str = "") -> Asked:
        """What an answer is held against; with what the change adds, once it was told."""
        more = next((each.points for each in self.changes if each.id == change), ())
        about = rubric()
        names = tuple(each["id"] for each in about["dimensions"])
        return Asked((*self.points, *more), self.flags, names, about["cap"])


def prompts() -> tuple[Prompt, ...]:
    """Every prompt, in the order of their file names; raises LessonError."""
    folder = files("labs.studio").joinpath("designs")
    names = sorted(place.name for place in folder.iterdir() if place.name.endswith(".yaml"))
    return tuple(prompt(name.removesuffix(".yaml").split("_", 1)[1]) for name in names)


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that id; raises LessonError when there is none or it is not as it should be."""
    folder = files("labs.studio").joinpath("designs")
    for place in folder.iterdir():
        if place.name.removesuffix(".yaml").split("_", 1)[-1] == name:
            return _prompt(name, _read(place.read_text("utf-8"), place.name, PROMPT))
    raise LessonError(f"there is no prompt {name!r}")


@cache
def rubric() -> Mapping[str, Any]:
    """The dimensions, what their levels are called, what all prompts share, and the cap."""
    text = files("labs.studio").joinpath("rubric.yaml").read_text("utf-8")
    return _read(text, "rubric.yaml", RUBRIC)


def _prompt(name: str, content: Mapping[str, Any]) -> Prompt:
    about = rubric()
    critical = [flag for flag in about["critical"] if flag["id"] in content["critical"]]
    flags = (*(_flag(flag, True) for flag in critical), *map(_flag, content["flags"]))
    points = tuple(map(_point, (*content["points"], *about["shared"])))
    made = Prompt(
        name,
        content,
        points,
        flags,
        tuple(map(_change, content["changes"])),
        tuple(map(_need, content["drawing"]["needs"])),
    )
    for trouble in _troubles(made):
        raise LessonError(f"{name}: {trouble}")
    return made


def _troubles(made: Prompt) -> Iterator[str]:
    """What the table of forms cannot say; a phrase that cannot be read raises by itself."""
    every = (*made.points, *(point for change in made.changes for point in change.points))
    ids = [*(each.id for each in every), *(each.id for each in made.flags)]
    dimensions = {each["id"] for each in rubric()["dimensions"]}
    if twice := next((each for each in ids if ids.count(each) > 1), ""):
        yield f"the id {twice!r} is given twice"
    for point in every:
        if point.dimension not in dimensions or not 1 <= point.level <= 4:
            yield f"{point.id!r} needs a dimension of the rubric, and a level of 1 to 4"
    known = {flag["id"] for flag in rubric()["critical"]}
    if unknown := set(made.content["critical"]) - known:
        yield f"the rubric has no critical flag {min(unknown)!r}"
    named = {each for flag in made.flags for each in flag.without}
    named |= {each["missing"] for each in made.content["follow_ups"] if "missing" in each}
    if unknown := named - set(ids):
        yield f"there is no point {min(unknown)!r}"


def _point(entry: Mapping[str, Any]) -> Point:
    heard = _heard(entry["heard"])
    return Point(
        entry["id"], entry["says"], heard, entry["in"], entry["level"], entry.get("lesson", "")
    )


def _flag(entry: Mapping[str, Any], critical: bool = False) -> Flag:
    return Flag(
        entry["id"],
        entry["says"],
        entry["why"],
        _heard(entry["heard"]),
        tuple(entry.get("without", ())),
        critical,
        entry.get("lesson", ""),
        bool(entry.get("sure")),
        _heard(entry.get("unless", ())),
    )


def _change(entry: Mapping[str, Any]) -> Change:
    points = tuple(replace(_point(each), after=True) for each in entry["points"])
    return Change(entry["id"], entry["title"], entry["says"], points, entry["answer"])


def _need(entry: Mapping[str, Any]) -> Need:
    part, source, target, label = (
        _heard(entry.get(key, ())) for key in ("part", "from", "to", "label")
    )
    both = bool(entry.get("either_way"))
    return Need(entry["id"], entry["says"], part, source, target, label, both)


def _heard(phrases: Any) -> tuple[str, ...]:
    for phrase in phrases:
        parts(phrase)
    return tuple(phrases)


def _read(text: str, file: str, form: Keys) -> Mapping[str, Any]:
    content = schema.parsed(text, file)
    for trouble in schema.differences(content, form, ""):
        raise LessonError(f"{file}: {trouble}")
    return dict(content)
