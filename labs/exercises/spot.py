"""Spot: a wrong program and its run; name the line that is wrong, then repair it.

Made from what is there: one of the wrong solutions, and the run in which its bug shows itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from labs.exercises.exercise import Exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission
from labs.exercises.verdict import Verdict, wrapped

MIME = "application/vnd.hook-line-socket.spot+json"


@dataclass(frozen=True, slots=True)
class Spot:
    """The wrong program, the verdict on it, and the answer to what was tried."""

    exercise: str
    program: str
    verdict: Verdict = field(repr=False)
    answer: str = ""
    repaired: Verdict | None = field(default=None, repr=False)

    @property
    def listing(self) -> str:
        """The program with its line numbers."""
        lines = enumerate(self.program.splitlines(), 1)
        return "\n".join(f"{number:>3}  {line}".rstrip() for number, line in lines)

    def __repr__(self) -> str:
        if self.answer:
            return self.answer if self.repaired is None else f"{self.answer}\n\n{self.repaired!r}"
        says, ask = ("\n".join(wrapped(words)) for words in (self.says, self.ask))
        return f"{self.listing}\n\n{says}\n\n{ask}\n\n{self.verdict.diagram}"

    @property
    def says(self) -> str:
        """What was done with the program and what was seen; not yet why."""
        return f"{self.verdict.did} {self.verdict.saw}"

    @property
    def ask(self) -> str:
        """What to do now."""
        return (
            f"Which line is wrong? `spot({self.exercise!r}, line=...)`. Then repair it with the "
            f'fewest edits: `spot({self.exercise!r}, repair={{number: "new line"}})`.'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        record = {"exercise": self.exercise, "program": self.program, "says": self.says}
        shown = {"text/plain": repr(self), "text/html": self.html(), MIME: record}
        run = self.verdict.run
        if run is None or self.answer:
            return shown
        return {**shown, "image/svg+xml": run.diagram.svg()}

    def html(self) -> str:
        """Listing, what was seen, the question, the picture; or the answer."""
        if self.answer:
            below = self.repaired.html() if self.repaired is not None else ""
            return f'<section class="hls-spot"><p>{escape(self.answer)}</p>{below}</section>'
        svg = self.verdict.run.diagram.svg() if self.verdict.run is not None else ""
        return f"{self.words_html()}{svg}"

    def words_html(self) -> str:
        """The program, what was seen of it, and what to do."""
        words = f"<p>{escape(self.says)}</p><p>{escape(self.ask)}</p>"
        listing = f'<pre tabindex="0">{escape(self.listing)}</pre>'
        return f'<section class="hls-spot">{listing}{words}</section>'


def spotted(about: Exercise, line: int | None, repair: Mapping[int, str]) -> Spot:
    """The spot of an exercise, with the answer to a line or a repair."""
    program = wrong_program(about)
    verdict = _verdict_on(about.id, program)
    if repair:
        return _repaired(about, program, repair)
    if line is None:
        return Spot(about.id, program, verdict)
    right = line == about.spot["line"]
    says = about.spot["why"].strip() if right else _not_there(program, line)
    return Spot(about.id, program, verdict, f"Line {line}: {says}")


def wrong_program(about: Exercise) -> str:
    """The wrong solution that is shown, without what would name its bug."""
    return about.solutions("wrong")[str(about.spot["wrong"])].strip()


def known_repair(about: Exercise) -> dict[int, str]:
    """The fewest edits that the authors know of."""
    return {edit["line"]: edit["text"] for edit in about.spot["repair"]}


def with_repair(program: str, repair: Mapping[int, str]) -> str:
    """The program with these lines in the place of its own; new lines may hold several."""
    lines = dict(enumerate(program.splitlines(), 1))
    return "\n".join({**lines, **repair}[number] for number in sorted({**lines, **repair})) + "\n"


@cache
def _verdict_on(name: str, program: str) -> Verdict:
    from labs.exercises.exercise import exercise

    return judge(exercise(name), Submission(program, f"<spot {name}>"))


def _repaired(about: Exercise, program: str, repair: Mapping[int, str]) -> Spot:
    kept = {n: t if t[:1].isspace() else _indented(program, n, t) for n, t in repair.items()}
    verdict = judge(about, Submission(with_repair(program, kept), f"<spot {about.id}>"))
    edits, fewest = len(repair), len(known_repair(about))
    count = f"{edits} {'line' if edits == 1 else 'lines'} changed"
    if verdict.passed:
        more = "fewer is not known" if edits <= fewest else f"{fewest} would do"
        return Spot(about.id, program, verdict, f"Repaired: {count}, {more}.", verdict)
    return Spot(about.id, program, verdict, f"Not yet: {count}.", verdict)


def _indented(program: str, number: int, text: str) -> str:
    """A line given without its indentation gets that of the line it replaces."""
    lines = program.splitlines()
    old = lines[number - 1] if 0 < number <= len(lines) else ""
    return old[: len(old) - len(old.lstrip())] + text if text else ""


def _not_there(program: str, line: int) -> str:
    lines = program.splitlines()
    if not 0 < line <= len(lines):
        return f"the program has lines 1 to {len(lines)}."
    return "this one may stay as it is. Follow the picture to the first event that surprises you."
