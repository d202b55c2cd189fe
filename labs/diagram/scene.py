"""What a picture consists of, in pixels: the words of the layout, before they become SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that nothing else may cover."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text; each line is spans of (words, style)."""

    x: float
    y: float  # baseline of the first line
    anchor: str  # "start" | "middle" | "end"
    lines: tuple[tuple[tuple[str, str], ...], ...]
    size: float
    leading: float
    box: Box
    number: int = 0


@dataclass(frozen=True, slots=True)
class Bead:
    """A numbered shape on a lane; hollow for what is thought, filled for what is done."""

    x: float
    y: float
    owner: str  # the machine whose shape it has; "": a fault's
    style: str
    number: int
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; it may end in an arrowhead or in a cross."""

    points: tuple[Point, ...]
    style: str
    end: str = ""  # "head" | "cross" | ""
    dashed: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """The ground on which a lasting fault, or the marked event, is drawn."""

    box: Box
    style: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A piece of a machine's line; its state shows in its stroke."""

    x: float
    top: float
    bottom: float
    style: str
    state: str  # "idle" | "open" | "waiting" | "off"


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment in the column of times."""

    y: float
    says: str


@dataclass(slots=True)
class Scene:
    """A whole picture."""

    width: float
    height: float = 0.0
    bands: list[Band] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    beads: list[Bead] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    breaks: list[Point] = field(default_factory=list)
