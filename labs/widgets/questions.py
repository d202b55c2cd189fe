"""A prediction as ipywidgets: answer, then Commit or Skip; the notebook runs on either way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as w

from labs.prediction import Number, Prediction, Reveal, spoken
from labs.widgets.knobs import label_width
from labs.widgets.wire import read, wire_view

Fields = tuple[Sequence[Any], Callable[[], tuple[Any, ...]]]  # what is shown; what it says now


class Question:
    """The live question: its answer's fields, Commit and Skip, and what was said."""

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        self.fields, self.answer = FIELDS[prediction.kind](prediction)
        self.says = w.HTML()
        self.asking = (_button("Commit", self.commit, "primary"), _button("Skip", self.skip))
        self.settled = (_button("Change", self.change),)
        self.buttons = w.HBox()
        self.settle(_said(prediction) if prediction.committed else "")

    def settle(self, words: str, open_: bool = False) -> None:
        """Shows what was said; `open_` leaves the fields to be filled."""
        asking = open_ or not words
        for part in _inputs(self.fields):
            part.disabled = not asking
        self.buttons.children = self.asking if asking else self.settled
        self.says.value = f'<p class="hls-said" role="status">{escape(words)}</p>' if words else ""

    def commit(self, _: Any = None) -> None:
        """Keeps the answer; an answer that does not fit is asked for again."""
        try:
            self.prediction.commit(*self.answer())
        except ValueError as error:
            self.settle(str(error), open_=True)
        else:
            self.settle(_said(self.prediction))

    def skip(self, _: Any = None) -> None:
        """Goes on without an answer."""
        self.prediction.skip()
        self.settle("Skipped. Run the next cell to see what the run says.")

    def change(self, _: Any = None) -> None:
        """Opens the fields again."""
        self.settle("", open_=True)


def prediction_view(prediction: Prediction) -> w.VBox:
    """The live question as one box."""
    view = Question(prediction)
    question = w.HTML(f'<p class="hls-question">{escape(prediction.question)}</p>')
    style = w.HTML(f"<style>{read('controls.css')}</style>")
    box = w.VBox([question, *view.fields, view.buttons, view.says, style])
    return box.add_class("hls-prediction")


def _button(words: str, act: Callable[[Any], None], style: str = "") -> Any:
    button = w.Button(description=words, button_style=style)
    button.on_click(act)
    return button


def reveal_view(reveal: Reveal, bundle: dict[str, Any]) -> w.VBox:
    """What was said beside what the run says, above the run itself."""
    says = w.HTML(f'<p class="hls-said hls-answer">{escape(reveal.says())}</p>')
    return w.VBox([says, wire_view(bundle), w.HTML(f"<style>{read('controls.css')}</style>")])


def _said(prediction: Prediction) -> str:
    answer = prediction.committed or ()
    return f"Committed: {spoken(prediction, answer)}. Run the next cell to compare."


def _numbers(prediction: Prediction) -> Fields:
    earlier = prediction.committed or ("",) * len(prediction.numbers)
    pairs = zip(prediction.numbers, earlier, strict=True)
    width = label_width([number.label or "Your number" for number in prediction.numbers])
    fields = [_number(number, value, width) for number, value in pairs]
    return fields, lambda: tuple(field.value for field in fields)


def _number(number: Number, value: Any, width: str) -> Any:
    return w.Text(
        value=f"{value}",
        placeholder=number.range(),
        description=number.label or "Your number",
        tooltip=f"{number.label or 'Your number'}, {number.range()}",
        style={"description_width": width},
    ).add_class("hls-number")


def _one_of(prediction: Prediction) -> Fields:
    value = prediction.committed[0] if prediction.committed else None
    radio = w.RadioButtons(options=prediction.options, value=value, layout={"width": "auto"})
    return [radio], lambda: (radio.value,) if radio.value is not None else ()


def _some_of(prediction: Prediction) -> Fields:
    earlier = prediction.committed or ()
    boxes = [
        w.Checkbox(value=option in earlier, description=option, indent=False, layout=WIDE)
        for option in prediction.options
    ]
    return boxes, lambda: tuple(box.description for box in boxes if box.value)


def _order(prediction: Prediction) -> Fields:
    """Lines that move up and down; the buttons stay where they are, so the focus does too."""
    items = [str(item) for item in prediction.committed or prediction.options]
    texts = [w.HTML() for _ in items]

    def draw() -> None:
        for place, (text, item) in enumerate(zip(texts, items, strict=True), start=1):
            text.value = f'<span class="hls-line"><b>{place}</b> {escape(item)}</span>'

    def swap(place: int, other: int) -> None:
        if 0 <= other < len(items):
            items[place], items[other] = items[other], items[place]
            draw()

    draw()
    rows = [w.HBox([*_movers(place, swap), text]) for place, text in enumerate(texts)]
    return rows, lambda: tuple(items)


def _movers(place: int, swap: Callable[[int, int], None]) -> list[Any]:
    up = w.Button(description="↑", tooltip=f"Move line {place + 1} up")
    down = w.Button(description="↓", tooltip=f"Move line {place + 1} down")
    up.on_click(lambda _: swap(place, place - 1))
    down.on_click(lambda _: swap(place, place + 1))
    return [up.add_class("hls-move"), down.add_class("hls-move")]


def _inputs(shown: Sequence[Any]) -> list[Any]:
    """Every part of the fields that can be switched off."""
    inside = [part for field in shown for part in getattr(field, "children", (field,))]
    return [part for part in inside if hasattr(part, "disabled")]


WIDE = {"width": "auto"}
FIELDS: dict[str, Callable[[Prediction], Fields]] = {
    "numbers": _numbers,
    "one of": _one_of,
    "some of": _some_of,
    "order": _order,
}
