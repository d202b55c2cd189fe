"""Which mechanism, and why: a tree of at most eight questions (`labs/choosing.toml`).

`walk(["page", "both", "passes"])` is the leaf to which these answers lead; `paths()` are all
ways through the tree. Answers that lead nowhere are a ChoosingError with what may be said instead.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, TypeAlias

from labs.errors import LabError

START = "start"


class ChoosingError(LabError):
    """These answers do not lead to a leaf; the text names the fork and its answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the sentence that says why it decides anything."""

    asks: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, by a short name, and the fork or leaf to which it leads."""

    id: str
    says: str
    to: str


@dataclass(frozen=True, slots=True)
class Fork:
    """A place in the tree: a question, with the answers that matter there."""

    id: str
    question: str
    answers: tuple[Answer, ...]

    def taken(self, answer: str) -> Answer:
        """The answer of that name. Raises ChoosingError."""
        for each in self.answers:
            if each.id == answer:
                return each
        known = ", ".join(each.id for each in self.answers)
        raise ChoosingError(f"{answer!r} is no answer at {self.id!r}; these are: {known}")


@dataclass(frozen=True, slots=True)
class Cost:
    """A number: a lesson proves it as `claim`, or a source said it on that day."""

    says: str
    lesson: str = ""
    claim: str = ""
    source: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson, and the heading at which to begin; an empty one is the lesson as a whole."""

    lesson: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A decision: mechanism and reason, what it costs, what to fall back on, how to say it."""

    id: str
    mechanism: str
    because: str
    costs: tuple[Cost, ...]
    fallback: str
    interview: str
    read: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A product, the answers that its makers would give, and why."""

    name: str
    answers: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Tree:
    """All of it; forks and leaves by name."""

    questions: Mapping[str, Question]
    forks: Mapping[str, Fork]
    leaves: Mapping[str, Leaf]
    cases: tuple[Case, ...]


Path: TypeAlias = tuple[tuple[Fork, Answer], ...]


def read(text: str) -> Tree:
    """The tree that a TOML `text` holds."""
    content = tomllib.loads(text)
    return Tree(
        questions={name: Question(**each) for name, each in content["questions"].items()},
        forks={each["id"]: _fork(each) for each in content["forks"]},
        leaves={each["id"]: _leaf(each) for each in content["leaves"]},
        cases=tuple(
            Case(each["name"], tuple(each["answers"]), each["because"]) for each in content["cases"]
        ),
    )


def _fork(table: Mapping[str, Any]) -> Fork:
    answers = tuple(Answer(**each) for each in table["answers"])
    return Fork(table["id"], table["question"], answers)


def _leaf(table: Mapping[str, Any]) -> Leaf:
    costs = tuple(Cost(**each) for each in table["costs"])
    readings = tuple(Reading(**each) for each in table["read"])
    return Leaf(**{**table, "costs": costs, "read": readings})


TREE = read(files("labs").joinpath("choosing.toml").read_text("utf-8"))


def followed(answers: Sequence[str], tree: Tree = TREE) -> Path:
    """Each fork with the answer given there. Raises ChoosingError where there is no such answer."""
    path: list[tuple[Fork, Answer]] = []
    place = START
    for answer in answers:
        if place not in tree.forks:
            raise ChoosingError(f"{answer!r} comes after the end: {place!r} is a leaf")
        fork = tree.forks[place]
        path.append((fork, fork.taken(answer)))
        place = path[-1][1].to
    return tuple(path)


def walk(answers: Sequence[str], tree: Tree = TREE) -> Leaf:
    """The leaf to which these answers lead. Raises ChoosingError where they end too soon."""
    path = followed(answers, tree)
    place = path[-1][1].to if path else START
    if place not in tree.leaves:
        known = ", ".join(each.id for each in tree.forks[place].answers)
        raise ChoosingError(f"the answers end at {place!r}; go on with one of: {known}")
    return tree.leaves[place]


def paths(tree: Tree = TREE, place: str = START) -> Iterator[Path]:
    """Every way from here to a leaf, in the order of the answers."""
    if place in tree.leaves:
        yield ()
        return
    fork = tree.forks[place]
    for answer in fork.answers:
        for rest in paths(tree, answer.to):
            yield ((fork, answer), *rest)
