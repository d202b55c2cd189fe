"""`%tutor` and `%%tutor`: ask about the topic, or about the cell before."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from IPython.display import Markdown, display

from course.tutor.notebook.before import Before
from course.tutor.notebook.conversation import asked
from course.tutor.notebook.service import NotAnswered, running
from course.tutor.notebook.shown import Shown
from course.tutor.protocol import LONGEST_QUESTION

MODES = {"hint": "hint", "explain": "explain", "interview": "interview"}
EMPTY = "Ask something: `%tutor why does a dead peer look alive?`, or `%tutor` for the panel."


class Asking:
    """The two magics of one kernel, and the panels that it showed."""

    def __init__(self, before: Before) -> None:
        self.before = before
        self.panels: list[Any] = []

    def line(self, line: str) -> Any:
        """Ask the tutor: `%tutor why is it silent?`; `%tutor` alone shows its panel."""
        if not line.strip():
            return self.panel()
        return self.ask("explain", line)

    def cell(self, line: str, cell: str) -> None:
        """Ask the tutor with the cell before: `%%tutor`, `%%tutor hint`, and the question below."""
        mode = MODES.get(line.strip(), "explain")
        self.ask(mode, cell if line.strip() in ("", mode) else f"{line}\n{cell}")

    def panel(self) -> Any:
        """The panel, or why there is none."""
        from course.tutor.notebook.panel import panel

        try:
            made = panel(self.before)
        except NotAnswered as why:
            return Markdown(str(why))
        self.panels.append(made)
        return made

    def ask(self, mode: str, question: str) -> None:
        """Show the answer as it comes."""
        if not question.strip():
            display(Markdown(EMPTY))
            return
        place = display(Markdown("*Asking…*"), display_id=True)
        try:
            service = running()
            shown = Shown(service.origin)
            words = question.strip()[:LONGEST_QUESTION]
            with closing(asked(service, words, mode, self.before.context)) as messages:
                for message in messages:
                    shown.hear(message)
                    place.update(Markdown(shown.markdown))
        except NotAnswered as why:
            place.update(Markdown(f"**{why}**"))

    def ran(self, result: Any) -> None:
        """A cell has ended: the panels offer it."""
        self.before.ran(result)
        for each in self.panels:
            each.follow(self.before)
