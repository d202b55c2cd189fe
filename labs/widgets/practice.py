"""Exercises as ipywidgets: a verdict with its buttons, a line to spot, an order to find."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from labs import check, hint, solution, spot
from labs.messages import wire
from labs.ordering import Ordering
from labs.widgets.questions import FIELDS
from labs.widgets.screen import RUN
from labs.widgets.wire import read, wire_view

Shown = Any  # a Verdict or a Spot: what judges is not known here by its class


def verdict_view(verdict: Shown) -> w.VBox:
    """The verdict, its run to step through, and what to do next as buttons."""
    words, below, picture = w.HTML(), w.HTML(), w.VBox()

    def show(now: Shown) -> None:
        words.value, below.value = now.words_html(), ""
        picture.children = run_view(now.run)

    def again(_: Any) -> None:
        show(check(verdict.exercise))

    buttons = (
        button("Check again", "Grades the cell as you ran it last", again),
        button("Hint", "One rung higher each time", _says(below, hint, verdict.exercise)),
        button("Solution", "The official one", _says(below, solution, verdict.exercise)),
        button("Report", "Code, verdict, seed and versions, to copy", _report(below, verdict)),
    )
    show(verdict)
    return _box(words, w.HBox(buttons), below, picture)


def spot_view(shown: Shown) -> w.VBox:
    """The wrong program and its run; a line to name, then its repair to try."""
    lines = shown.program.splitlines()
    numbers = [(f"{n}: {line.strip()}"[:60], n) for n, line in enumerate(lines, 1) if line.strip()]
    pick = w.Dropdown(options=numbers, description="Line")
    text = w.Text(value=lines[numbers[0][1] - 1], description="Repair")
    answer = w.HTML()

    def picked(change: Any) -> None:
        text.value = lines[change["new"] - 1]

    def name(_: Any) -> None:
        answer.value = spot(shown.exercise, line=pick.value).html()

    def repair(_: Any) -> None:
        answer.value = spot(shown.exercise, repair={pick.value: text.value}).html()

    pick.observe(picked, names="value")
    asked = w.HBox([pick, button("It is this line", "Says whether it is", name)])
    tried = w.HBox([text, button("Try this repair", "Grades the repaired program", repair)])
    run = w.VBox(run_view(shown.verdict.run))
    return _box(w.HTML(shown.words_html()), asked, tried, answer, run)


def ordering_view(ordering: Ordering) -> w.VBox:
    """Lines that move up and down, and a button that says how far they are right."""
    rows, order = FIELDS["order"](ordering.prediction)
    says = w.HTML()

    def compare(_: Any) -> None:
        says.value = _paragraph(ordering.says(order()))

    def reveal(_: Any) -> None:
        says.value = preformatted(ordering.answer)

    buttons = w.HBox(
        (
            button("Is this the order?", "Compares it with the run", compare),
            button("Show the order", "With the times of the run", reveal),
        )
    )
    question = w.HTML(f'<p class="hls-question">{escape(ordering.prediction.question)}</p>')
    return _box(question, *rows, buttons, says)


def run_view(run: Any) -> tuple[Any, ...]:
    """The run to step through, at the event that is marked in it; nothing without one."""
    if run is None:
        return ()
    return (wire_view({RUN: wire(run.journal), **run._repr_mimebundle_()}),)


def button(words: str, tip: str, act: Callable[[Any], None]) -> Any:
    """A button that does something when it is pressed."""
    made = w.Button(description=words, tooltip=tip, layout={"width": "auto"})
    made.on_click(act)
    return made


def preformatted(text: str) -> str:
    """Text as it stands, wrapped where it is too wide."""
    return f'<pre class="hls-words" tabindex="0">{escape(text)}</pre>'


def _says(place: Any, verb: Callable[[str], Any], name: str) -> Callable[[Any], None]:
    def say(_: Any) -> None:
        place.value = preformatted(repr(verb(name)))

    return say


def _report(place: Any, verdict: Shown) -> Callable[[Any], None]:
    def say(_: Any) -> None:
        place.value = preformatted(verdict.report())

    return say


def _paragraph(words: str) -> str:
    return f'<p class="hls-said" role="status">{escape(words)}</p>'


def _box(*parts: Any) -> w.VBox:
    style = w.HTML(f"<style>{read('controls.css')}</style>")
    return w.VBox([*parts, style]).add_class("hls-prediction").add_class("hls-practice")
