"""Knob panels: a lab's parameters, its figures and its goals, declared once.

A panel runs its program with the knobs where they stand and shows what came back: text, the
diagram, one row of figures, and which goals the run reached. A kernel's widgets and the site
draw their controls from the same declaration. A goal is ticked by a run, never by a button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, TypeAlias

from labs.prediction import in_full, with_unit

MIME = "application/vnd.hook-line-socket.panel+json"
WIDTH = 98  # columns of its text, as of a diagram's


@dataclass(frozen=True, slots=True)
class Knob:
    """A number to turn: where it stands at first, its range, and the unit it is read in."""

    default: float
    low: float
    high: float
    step: float = 1
    unit: str = ""
    label: str = ""
    stops: tuple[float, ...] = ()  # where it can stand on a page before Python is there

    def spoken(self, value: Any) -> str:
        """The value as it stands beside the knob: "20 s"."""
        return with_unit(in_full(value), self.unit)

    def range(self) -> str:
        """The positions it has, in words."""
        return f"{in_full(self.low)} to {self.spoken(self.high)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words: a policy, a fault, a product."""

    default: str
    options: tuple[str, ...]
    label: str = ""

    def spoken(self, value: Any) -> str:
        """The value as it stands beside the knob."""
        return str(value)

    def range(self) -> str:
        """The positions it has, in words."""
        return " | ".join(self.options)


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off: a fault, a header, a second server."""

    default: bool = False
    label: str = ""

    def spoken(self, value: Any) -> str:
        """The value as it stands beside the knob."""
        return "on" if value else "off"

    def range(self) -> str:
        """The positions it has, in words."""
        return "on | off"


Control: TypeAlias = Knob | Choice | Switch
KINDS: Mapping[type[Control], str] = {Knob: "number", Choice: "choice", Switch: "switch"}


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach; `condition` is asked of every run's outcome."""

    text: str
    condition: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a panel: the positions, what came back, and what it reached."""

    values: Mapping[str, Any]
    outcome: Any = None
    figures: Mapping[str, str] = field(default_factory=dict)
    reached: tuple[bool, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A program with knobs. Shown, it runs with every knob at its default."""

    program: Callable[..., Any]
    controls: Mapping[str, Control]
    goals: tuple[Goal, ...] = ()
    figures: Callable[[Any], Mapping[str, Any]] | None = None

    @property
    def defaults(self) -> dict[str, Any]:
        """Where each knob stands at first."""
        return {name: control.default for name, control in self.controls.items()}

    def turn(self, **values: Any) -> Turn:
        """A run with these positions (defaults for the rest); its trouble is a sentence."""
        positions = {**self.defaults, **values}
        try:
            return self._run(positions)
        except Exception as error:  # noqa: BLE001 - a program may raise anything out there
            return Turn(positions, trouble=_trouble(self, positions, error))

    def _run(self, positions: Mapping[str, Any]) -> Turn:
        outcome = self.program(**positions)
        picture, given = outcome if _is_pair(outcome) else (outcome, {})
        figures = {**given, **(self.figures(outcome) if self.figures else {})}
        reached = tuple(bool(g.condition and g.condition(outcome)) for g in self.goals)
        spoken = {label: _figure(value) for label, value in figures.items()}
        return Turn(positions, outcome, spoken, reached, bundle_of(picture))

    def bundle(self, turn: Turn) -> dict[str, Any]:
        """The MIME bundle of one turn: text, its diagram, and the declaration as JSON."""
        shown = {"text/plain": _text(self, turn), MIME: self.declared(turn)}
        return {**turn.shown, **shown}

    def declared(self, turn: Turn) -> dict[str, Any]:
        """The declaration as JSON, with the figures and goals of one turn."""
        knobs = [_declared(name, control) for name, control in self.controls.items()]
        goals = [goal.text for goal in self.goals]
        # Pairs, since a stored notebook sorts the keys of a mapping.
        outcome = {"figures": [*turn.figures.items()], "reached": list(turn.reached)}
        return {"knobs": knobs, "goals": goals, **outcome, "trouble": turn.trouble}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.bundle(self.turn())

    def __repr__(self) -> str:
        return f"<panel with {', '.join(self.controls)}>"


def knobs(
    program: Callable[..., Any],
    *,
    goal: str | Goal | Sequence[Goal] = (),
    figures: Callable[[Any], Mapping[str, Any]] | None = None,
    **controls: Control,
) -> Panel:
    """A panel over `program(**positions)`, an ordinary function.

    The program returns a run, anything else that shows itself, or a pair of that and a mapping
    from label to figure. `figures(outcome)` gives such a mapping; `goal` is one or several.
    """
    return Panel(program, controls, _goals(goal), figures)


def bundle_of(shown: Any) -> dict[str, Any]:
    """The MIME bundle of anything: its own when it has one, else its text and its SVG."""
    if hasattr(shown, "_repr_mimebundle_"):
        return dict(shown._repr_mimebundle_())
    bundle = {"text/plain": str(shown)}
    if hasattr(shown, "_repr_svg_"):
        bundle["image/svg+xml"] = shown._repr_svg_()
    return bundle


def goal_says(reached: bool, before: bool = False) -> str:
    """The word in front of a goal; never a mark or a colour alone."""
    return "reached" if reached else "reached earlier" if before else "not yet"


def label_of(name: str, control: Control) -> str:
    """What a knob is called: its label, else its name with spaces."""
    return control.label or name.replace("_", " ")


def _goals(goal: str | Goal | Sequence[Goal]) -> tuple[Goal, ...]:
    if isinstance(goal, Goal):
        return (goal,)
    return (Goal(goal),) if isinstance(goal, str) else tuple(goal)


def _is_pair(outcome: Any) -> bool:
    return isinstance(outcome, tuple) and len(outcome) == 2 and isinstance(outcome[1], Mapping)


def _figure(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{round(value, 3):,}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _declared(name: str, control: Control) -> dict[str, Any]:
    fields = {slot: getattr(control, slot) for slot in control.__slots__ if slot != "stops"}
    return {**fields, "name": name, "kind": KINDS[type(control)], "label": label_of(name, control)}


def _trouble(panel: Panel, positions: Mapping[str, Any], error: Exception) -> str:
    """One sentence: where the knobs stand that are not at their defaults, and what was raised."""
    moved = [
        f"{label_of(name, control)} {control.spoken(positions[name])}"
        for name, control in panel.controls.items()
        if control.spoken(positions[name]) != control.spoken(control.default)
    ]
    where = f"With {', '.join(moved)}" if moved else "With every knob at its default"
    said = (str(error).splitlines() or [""])[0].rstrip(".")
    return f"{where} the program stops: {type(error).__name__}{': ' + said if said else ''}."


def _text(panel: Panel, turn: Turn) -> str:
    """The text twin: knobs, figures, goals, then what the run shows."""
    rows = [
        (label_of(name, control), control.spoken(turn.values[name]), control.range())
        for name, control in panel.controls.items()
    ]
    parts = [["Knobs:", *_within(WIDTH, _columns(rows))]]
    parts.append([turn.trouble] if turn.trouble else [])
    parts.append(["Figures:", *_columns(list(turn.figures.items()))] if turn.figures else [])
    parts.append(["Goals:", *_goal_lines(panel, turn)] if panel.goals else [])
    parts.append([turn.shown.get("text/plain", "")])
    return "\n\n".join("\n".join(lines) for lines in parts if any(lines))


def _goal_lines(panel: Panel, turn: Turn) -> list[str]:
    reached = turn.reached or (False,) * len(panel.goals)
    pairs = zip(panel.goals, reached, strict=True)
    return [f"  {goal.text}{_tick(goal, done)}" for goal, done in pairs]


def _tick(goal: Goal, reached: bool) -> str:
    return f" ({goal_says(reached)})" if goal.condition else ""


def _within(columns: int, lines: Sequence[str]) -> list[str]:
    """Each line on as many as it takes; what goes on is set in."""
    return [part for line in lines for part in wrap(line, columns, subsequent_indent=" " * 8)]


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    lines = (zip(row, widths, strict=True) for row in rows)
    return ["  " + "  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in lines]
