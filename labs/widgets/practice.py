"""Exercises as ipywidgets: a verdict with its buttons, a line to spot, an order to find."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from labs import check, hint, solution, spot
from labs.messages import wire
from labs.ordering import Ordering
from labs.widgets.questions import FIELDS
from labs.widgets.screen import RUN, close
from labs.widgets.wire import read, wire_view

Shown = Any  # a Verdict or a Spot: what judges is not known here by its class
WIDE = {"width": "auto"}
LABEL = {"description_width": "5.5em"}
LONGEST = 60  # letters of a line that is offered in a list
WHICH = "Which line is wrong? Name it, then repair the program with the fewest edits."


class Judged:
    """The live verdict: its words, what to do next as buttons, what was asked for, its run."""

    def __init__(self, verdict: Shown) -> None:
        self.exercise = verdict.exercise
        self.words, self.says, self.picture = w.HTML(), w.HTML(), w.VBox()
        self.page = w.Output()  # Markdown is the notebook's own to draw
        self.report = w.Textarea(rows=14, layout=WIDE, tooltip="The report, to be copied")
        self.report.add_class("hls-report")
        self.below = (self.says, self.page, self.report)
        self.show(verdict)

    def show(self, verdict: Shown) -> None:
        """This verdict from now on; what stood below the last one goes."""
        self.verdict = verdict
        self.words.value = f'<div role="status">{for_a_widget(verdict.words_html())}</div>'
        self.open()
        draw(self.picture, verdict.run)

    def open(self, says: str = "", page: Any = None, report: str = "") -> None:
        """A sentence and, below the buttons, either Markdown or text to be copied."""
        # Markdown that appears is not read out by itself; the sentence is for whoever listens.
        self.says.value = status(says, "hls-heard" if page is not None else "hls-said")
        self.page.outputs = (shown_as_output(page),) if page is not None else ()
        self.report.value = report
        for part, there in ((self.page, page is not None), (self.report, bool(report))):
            part.layout.display = None if there else "none"

    def again(self, _: Any = None) -> None:
        """Grades the cell as it was run last."""
        self.show(check(self.exercise))

    def hint(self, _: Any = None) -> None:
        """One rung higher."""
        self.open("A hint stands below.", hint(self.exercise))

    def solution(self, _: Any = None) -> None:
        """The official solution, and what it does differently."""
        self.open("The solution stands below.", solution(self.exercise))

    def copy(self, _: Any = None) -> None:
        """Everything somebody needs to look into this verdict, as text."""
        says = "All of it is in this field: click into it, select all, copy."
        self.open(says, report=self.verdict.report())


def verdict_view(verdict: Shown) -> w.VBox:
    """The verdict, its run to step through, and what to do next as buttons."""
    view = Judged(verdict)
    buttons = w.HBox(
        (
            button("Check again", "Grades the cell as you ran it last", view.again),
            button("Hint", "One rung higher each time", view.hint),
            button("Solution", "The official one", view.solution),
            button("Report", "Code, verdict, seed and versions, to copy", view.copy),
        )
    )
    return _box(view.words, buttons, *view.below, view.picture)


class Spotting:
    """The live spot: a line to name, and a program that keeps the edits to its lines."""

    def __init__(self, shown: Shown) -> None:
        self.shown, self.lines = shown, shown.program.splitlines()
        numbers = [n for n, line in enumerate(self.lines, 1) if line.strip()]
        self.edits: dict[int, str] = {}
        options = [(self._named(number), number) for number in numbers]
        self.pick = w.Dropdown(options=options, description="Line", style=LABEL)
        self.text = w.Textarea(rows=2, description="becomes", style=LABEL)
        self.edited, self.answer, self.picture = w.HTML(), w.HTML(), w.VBox()
        self.picked()
        self.pick.observe(self.picked, names="value")
        self.text.observe(self.wrote, names="value")
        draw(self.picture, shown.verdict.run)

    def picked(self, _: Any = None) -> None:
        """Another line: its text as it stands now."""
        number = self.pick.value
        self.text.value = self.edits.get(number, self.lines[number - 1])

    def wrote(self, _: Any = None) -> None:
        """The text of a line changed; one that is as it was is no edit."""
        number, text = self.pick.value, self.text.value
        self.edits.pop(number, None)
        if text != self.lines[number - 1]:
            self.edits[number] = text
        numbers = ", ".join(map(str, sorted(self.edits)))
        self.edited.value = status(f"Changed so far: line {numbers}." if numbers else "")

    def name(self, _: Any = None) -> None:
        """Says whether it is this line."""
        self.answer.value = status(spot(self.shown.exercise, line=self.pick.value).answer)

    def repair(self, _: Any = None) -> None:
        """Grades the program with all edits; where it is still wrong, its own run is drawn."""
        if not self.edits:
            self.answer.value = status("The program is as it was: change a line first.")
            return
        tried: Shown = spot(self.shown.exercise, repair=self.edits)
        words = tried.repaired.words_html()
        self.answer.value = f"{status(tried.answer)}{for_a_widget(words)}"
        draw(self.picture, tried.repaired.run)

    def back(self, _: Any = None) -> None:
        """The program as it was, and its run."""
        self.edits.clear()
        self.picked()
        self.answer.value = self.edited.value = ""
        draw(self.picture, self.shown.verdict.run)

    def _named(self, number: int) -> str:
        line = self.lines[number - 1].strip()
        return f"{number}: {line}" if len(line) <= LONGEST else f"{number}: {line[:LONGEST]} …"


def spot_view(shown: Shown) -> w.VBox:
    """The wrong program and its run; a line to name, then its repair to try."""
    view = Spotting(shown)
    listing = f'<pre class="hls-listing" tabindex="0">{escape(shown.listing)}</pre>'
    words = w.HTML(
        f'{listing}<p>{coded(escape(shown.says))}</p><p class="hls-question">{escape(WHICH)}</p>'
    )
    naming = w.HBox([view.pick, button("It is this line", "Says whether it is", view.name)])
    buttons = w.HBox(
        (
            button("Try this repair", "Grades the program with your changes", view.repair),
            button("As it was", "Takes all changes back", view.back),
        )
    )
    return _box(words, naming, view.text, view.edited, buttons, view.answer, view.picture)


def ordering_view(ordering: Ordering) -> w.VBox:
    """Lines that move up and down, and a button that says how far they are right."""
    rows, order = FIELDS["order"](ordering.prediction)
    says = w.HTML()

    def compare(_: Any) -> None:
        says.value = status(ordering.says(order()))

    def reveal(_: Any) -> None:
        lines = ordering.answer.splitlines()
        items = "".join(f"<li>{escape(line.partition('. ')[2])}</li>" for line in lines)
        says.value = f'<ol class="hls-said" role="status">{items}</ol>'

    buttons = w.HBox(
        (
            button("Is this the order?", "Compares it with the run", compare),
            button("Show the order", "With the times of the run", reveal),
        )
    )
    question = w.HTML(f'<p class="hls-question">{escape(ordering.prediction.question)}</p>')
    return _box(question, *rows, buttons, says)


def draw(place: Any, run: Any) -> None:
    """Puts a run to step through into a box, at the event that is marked in it; or nothing."""
    for old in place.children:
        close(old)
    bundle = run._repr_mimebundle_() if run is not None else {}
    place.children = (wire_view({RUN: wire(run.journal), **bundle}),) if bundle else ()


def button(words: str, tip: str, act: Callable[[Any], None]) -> Any:
    """A button that does something when it is pressed."""
    made = w.Button(description=words, tooltip=tip, layout={"width": "auto"})
    made.on_click(act)
    return made


def status(words: str, kind: str = "hls-said") -> str:
    """A sentence that is read out when it appears; nothing where there is none."""
    return f'<p class="{kind}" role="status">{coded(escape(words))}</p>' if words else ""


def coded(words: str) -> str:
    """Escaped words, with what stands between back-ticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", words)


def for_a_widget(html: str) -> str:
    """HTML of ours, whose links leave JupyterLab where it is."""
    return html.replace("<a href=", '<a target="_blank" rel="noopener" href=')


def shown_as_output(said: Any) -> dict[str, Any]:
    """What a cell would show of it, for an area of outputs."""
    return {"output_type": "display_data", "data": said._repr_mimebundle_(), "metadata": {}}


def _box(*parts: Any) -> w.VBox:
    style = w.HTML(f"<style>{read('controls.css')}</style>")
    return w.VBox([*parts, style]).add_class("hls-prediction").add_class("hls-practice")
