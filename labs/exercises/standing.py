"""Where a learner is: every exercise with its state, what was hard, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from labs.exercises.exercise import everything
from labs.exercises.progress import Entry

MIME = "application/vnd.hook-line-socket.progress+json"
LEFT = ' style="text-align: left"'
SIGNS = {"passed": "✓", "tried": "…", "changed since you passed it": "↻"}


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise; `hard` when it took hints, the solution, or more than three attempts."""

    id: str
    title: str
    lesson: str
    state: str
    attempts: int
    hints: int
    hard: bool
    tried: str
    last: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All rows, and the id of the exercise to go on with ("" when all are passed)."""

    rows: tuple[Row, ...]
    following: str

    @property
    def summary(self) -> str:
        """One line: how many are passed, which were hard, what is next."""
        passed = sum(row.state == "passed" for row in self.rows)
        hard = ", ".join(row.id for row in self.rows if row.hard)
        parts = [f"{passed} of {len(self.rows)} exercises passed"]
        parts += [f"hard for you: {hard}"] if hard else []
        parts += [f"go on with {self.following}"] if self.following else []
        return "; ".join(parts) + "."

    def record(self) -> dict[str, Any]:
        """The same for a page."""
        rows = [asdict(row) for row in self.rows]
        return {"exercises": rows, "following": self.following, "says": self.summary}

    def __repr__(self) -> str:
        lines = [f"  {row.id:<18} {row.state:<26} {row.title}".rstrip() for row in self.rows]
        return "\n".join([self.summary, "", *lines])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self.html(), MIME: self.record()}

    def html(self) -> str:
        """The summary with a link to what is next, and a table; the links lead to notebooks."""
        words = (f'<th scope="col"{LEFT}>{name}</th>' for name in ("exercise", "state"))
        numbers = (f'<th scope="col">{name}</th>' for name in ("attempts", "hints"))
        head = "".join((*words, *numbers, f'<th scope="col"{LEFT}>what it is</th>'))
        rows = "".join(map(_row, self.rows))
        says = escape(self.summary)
        for row in self.rows:
            if row.id == self.following:
                says = says.replace(f"go on with {row.id}", f"go on with {_link(row)}")
        return (
            f'<section class="hls-progress"><p>{says}</p>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
        )


def _row(row: Row) -> str:
    state = f"{SIGNS.get(row.state, '')} {row.state}{', hard' if row.hard else ''}".strip()
    return (
        f'<tr><th scope="row"{LEFT}>{_link(row)}</th><td{LEFT}>{escape(state)}</td>'
        f"<td>{row.attempts or ''}</td><td>{row.hints or ''}</td>"
        f"<td{LEFT}>{escape(row.title)}</td></tr>"
    )


def _link(row: Row) -> str:
    """JupyterLab opens it beside this notebook, where its exercises begin."""
    return f'<a href="{escape(row.lesson)}.ipynb#Build">{escape(row.id)}</a>'


def standing(entries: Mapping[str, Entry]) -> Standing:
    """Where these entries put somebody.

    Next is what was tried last and is not passed, else the first that is not passed.
    """
    rows = []
    for about in everything():
        entry = entries.get(about.id, Entry())
        state = entry.state(about)
        fields = (about.id, about.title, about.lesson, state, entry.attempts, entry.hints)
        rows.append(Row(*fields, entry.hard, entry.tried, entry.last))
    unfinished = [row for row in rows if row.state != "passed"]
    latest = max(unfinished, key=lambda row: row.tried, default=None)
    return Standing(tuple(rows), latest.id if latest is not None else "")
