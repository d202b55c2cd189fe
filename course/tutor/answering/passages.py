"""What goes in and what comes out: passages, authored pairs, and a reply with its citations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["answer", "unsure", "declined"]
Mode = Literal["explain", "hint"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the course, and the paragraph where it stands."""

    id: str
    title: str
    path: tuple[str, ...]
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an authored answer, and the number of the passage that bears it out."""

    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Pair:
    """An authored question with its answer; `corrects` is what people believe instead."""

    id: str
    ask: str
    variants: tuple[str, ...]
    sentences: tuple[Said, ...]
    corrects: str
    next: str
    deeper: int  # the passage to read on in

    @property
    def answer(self) -> str:
        """The answer as one text."""
        return " ".join(said.text for said in self.sentences)


@dataclass(frozen=True, slots=True)
class Citation:
    """The paragraph that bears out what `[n]` stands behind."""

    n: int
    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the tutor says; `passages` are those that a model may be given, and no others."""

    kind: Kind
    text: str = ""
    citations: tuple[Citation, ...] = ()
    followups: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    reason: str = ""
    passages: tuple[Passage, ...] = ()
    source: str = "course"


def passage(read: Mapping[str, Any]) -> Passage:
    """A passage as the file holds it."""
    return Passage(read["id"], read["title"], tuple(read["path"]), read["url"], read["text"])


def pair(read: Mapping[str, Any]) -> Pair:
    """A pair as the file holds it."""
    return Pair(
        read["id"],
        read["ask"],
        tuple(read["variants"]),
        tuple(Said(each["text"], each["passage"]) for each in read["sentences"]),
        read["corrects"],
        read["next"],
        read["deeper"],
    )
