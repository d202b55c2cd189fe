"""What a check comes to: one of four outcomes and, where it is incorrect, four fixed parts.

What we did, what we saw (with time and event), what the contract requires (with link), and what
to look at next. Nothing is cut short, and nothing is told by colour alone.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from textwrap import dedent, indent, wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a verdict that comes from another process has no run
    from labs.outcome import Run

MIME = "application/vnd.hook-line-socket.verdict+json"

CORRECT, INCORRECT = "correct", "incorrect"
NOT_ATTEMPTED, UNCLEAR = "not_attempted", "unclear"
SPOKEN = {
    CORRECT: "correct",
    INCORRECT: "incorrect",
    NOT_ATTEMPTED: "not attempted",
    UNCLEAR: "could not tell",
}
STATUS = {CORRECT: 0, INCORRECT: 1, NOT_ATTEMPTED: 2, UNCLEAR: 3}  # of the door `check`
PARTS = (
    ("did", "What we did"),
    ("saw", "What we saw"),
    ("expected", "The contract"),
    ("next", "Look next at"),
)
WIDTH, MARGIN = 96, 14


@dataclass(frozen=True, slots=True)
class Finding:
    """A bug as it showed itself in one run: which, what was seen, at which event and second."""

    bug: str
    saw: str
    event: int | None = None
    time: float | None = None

    def __str__(self) -> str:
        event = f"#{self.event}" if self.event is not None else ""
        time = f"{self.time:.3f} s" if self.time is not None else ""
        where = ", ".join(filter(None, (event, time)))
        return f"{self.saw} ({where})" if where else self.saw


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one exercise; `saw` and its companions are empty unless it is incorrect."""

    exercise: str
    verdict: str
    bug: str | None = None
    did: str = ""
    saw: str = ""
    expected: str = ""
    next: str = ""
    link: str = ""
    says: str = ""  # the sentence of an outcome that is not incorrect
    notes: tuple[str, ...] = ()  # where the code was found, what it printed, what was noticed
    scenario: str = ""
    seed: int | None = None
    runs: int = 0
    run: Run | None = field(default=None, compare=False, repr=False)
    source: str = field(default="", compare=False, repr=False)

    @property
    def passed(self) -> bool:
        """Is it correct?"""
        return self.verdict == CORRECT

    @property
    def status(self) -> int:
        """The exit status of the door: 0 correct, 1 incorrect, 2 not attempted, 3 unclear."""
        return STATUS[self.verdict]

    @property
    def headline(self) -> str:
        """One line: the exercise, the outcome, the bug."""
        bug = f" ({self.bug})" if self.bug else ""
        return f"{self.exercise}: {SPOKEN[self.verdict]}{bug}"

    @property
    def text(self) -> str:
        """The whole verdict, without its diagram."""
        parts = [_part(label, getattr(self, name)) for name, label in PARTS]
        link = [f"{'':{MARGIN}}{self.link}"] if self.link else []
        says = ["", *wrapped(self.says, "")] if self.says else []
        body = [*filter(None, parts), *link]
        notes = [line for note in self.notes for line in ("", *wrapped(note, ""))]
        return "\n".join([self.headline, *says, *([""] if body else []), *body, *notes])

    @property
    def diagram(self) -> str:
        """The text twin of the run in which the bug showed itself; empty without one."""
        return self.run.text if self.run is not None else ""

    def record(self) -> dict[str, Any]:
        """What `check --json` prints."""
        names = ("exercise", "verdict", "bug", "did", "saw", "expected", "next", "link")
        more = {"says": self.says, "scenario": self.scenario, "seed": self.seed}
        fields = {name: getattr(self, name) for name in names}
        return {**fields, "diagram": self.diagram, "notes": list(self.notes), **more}

    def report(self) -> str:
        """Everything that somebody needs to look into this verdict: code, verdict, versions."""
        versions = f"Python {platform.python_version()}, {platform.system()}"
        run = f"scenario: {self.scenario or 'none'}, seed: {self.seed}, {versions}"
        code = self.source.strip() or "(no code)"
        return f"{self.text}\n\n{run}\n\n```python\n{code}\n```\n\n{self.diagram}".rstrip() + "\n"

    def __repr__(self) -> str:
        return f"{self.text}\n\n{self.diagram}" if self.run is not None else self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        record = json.loads(json.dumps(self.record()))
        shown = {"text/plain": repr(self), "text/html": self.html(), MIME: record}
        return {**self.run._repr_mimebundle_(), **shown} if self.run is not None else shown

    def html(self) -> str:
        """The words and, below them, the diagram."""
        svg = self.run.diagram.svg() if self.run is not None else ""
        return f"{self.words_html()}{svg}"

    def words_html(self) -> str:
        """The verdict as a list of its parts."""
        rows = [_row(label, getattr(self, name)) for name, label in PARTS]
        rows += [_row("Source", self.link, link=True)]
        parts = "".join(filter(None, rows))
        listed = f"<dl>{parts}</dl>" if parts else ""
        says = "".join(map(prose, filter(None, (self.says, *self.notes))))
        return (
            f'<section class="hls-verdict hls-{self.verdict}">'
            f"<p><strong>{escape(self.headline)}</strong></p>{listed}{says}</section>"
        )


def from_record(record: Mapping[str, Any]) -> Verdict:
    """The verdict that `record` was made from; its run is not in it."""
    names = {"diagram", "notes"}
    fields = {name: value for name, value in record.items() if name not in names}
    return Verdict(**fields, notes=tuple(record.get("notes", ())))


def _part(label: str, says: str) -> str:
    if not says:
        return ""
    first, *rest = wrapped(says, " " * MARGIN)
    return "\n".join([f"{label:<{MARGIN}}{first.lstrip()}", *rest])


def wrapped(says: str, margin: str = "") -> list[str]:
    """Paragraphs within the width; lines that are indented (code) stay as they are."""
    lines: list[str] = []
    for line in says.splitlines():
        kept = line.startswith(" ") or not line.strip()
        lines += [indent(line, margin)] if kept else _filled(line, margin)
    return lines or [""]


def _filled(line: str, margin: str) -> list[str]:
    return wrap(
        line,
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _row(label: str, says: str, *, link: bool = False) -> str:
    if not says:
        return ""
    shown = prose(says) if "\n" in says else inline(says)
    if link and says.startswith("https://"):
        shown = f'<a href="{escape(says)}">{escape(says)}</a>'
    return f"<dt>{escape(label)}</dt><dd>{shown}</dd>"


def prose(says: str) -> str:
    """Paragraphs, lists and code as HTML: what our texts have of Markdown, and nothing else."""
    return "".join(map(_block, re.split(r"\n(?:[ \t]*\n)+", says.strip("\n"))))


def _block(text: str) -> str:
    if all(line.startswith("    ") for line in text.splitlines()):
        return f'<pre tabindex="0">{escape(dedent(text))}</pre>'
    if text.startswith("- "):
        items = (" ".join(item.split()) for item in re.split(r"^- ", text, flags=re.MULTILINE)[1:])
        return f"<ul>{''.join(f'<li>{inline(item)}</li>' for item in items)}</ul>"
    return f'<p style="white-space: pre-line">{inline(" ".join(text.split()))}</p>'


def inline(says: str) -> str:
    """Words as HTML, with their `code` and their [links](https://example.org)."""
    words = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(says))
    return re.sub(r"\[([^][]+)\]\((https://[^\s()]+)\)", r'<a href="\2">\1</a>', words)
