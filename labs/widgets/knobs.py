"""A knob panel as ipywidgets: turn a knob, the lab runs again, everything is drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as w

from labs.panel import Control, Knob, Panel, Switch, Turn, goal_says, label_of
from labs.widgets.latest import Later, Latest
from labs.widgets.wire import pictured, read, wire_view


def panel_view(panel: Panel, turn: Turn, later: Later | None = None) -> w.VBox:
    """The live panel: controls, figures, goals, diagram."""
    labels = [_label(name, control) for name, control in panel.controls.items()]
    style = {"description_width": label_width(labels)}
    controls = {name: control_view(name, each, style) for name, each in panel.controls.items()}
    picture = wire_view(turn.shown, compact=True)
    figures, goals = w.HTML(), w.HTML()
    ever = [False] * len(panel.goals)

    def show(turn: Turn) -> None:
        ever[:] = [was or now for was, now in zip(ever, turn.reached or ever, strict=True)]
        figures.value = figures_html(turn)
        goals.value = goals_html(panel, turn, ever)
        if not turn.trouble:
            with picture.hold_sync():
                for trait, value in pictured(turn.shown, compact=True).items():
                    setattr(picture, trait, value)

    show(turn)
    again = Latest(lambda values: show(panel.turn(**values)), later)
    _listen(controls, again)
    grid = w.Box([*controls.values(), _reset(panel, controls)])
    grid.add_class("hls-knobs")
    box = w.VBox([grid, figures, goals, picture, w.HTML(f"<style>{read('controls.css')}</style>")])
    return box.add_class("hls-panel")


def control_view(name: str, control: Control, style: dict[str, str]) -> Any:
    """One knob as a slider, a dropdown or a checkbox, with its label and unit."""
    words = {"description": _label(name, control), "tooltip": f"{_label(name, control)}: "}
    words["tooltip"] += control.range()
    if isinstance(control, Knob):
        return _slider(control, style=style, **words)
    if isinstance(control, Switch):
        return w.Checkbox(value=control.default, indent=False, **words)
    return w.Dropdown(options=control.options, value=control.default, style=style, **words)


def label_width(labels: Sequence[str]) -> str:
    """Room for the longest label; ipywidgets would cut it off."""
    return f"{max(len(label) for label in labels) * 0.56 + 1:.1f}em"


def _label(name: str, control: Control) -> str:
    unit = f" ({control.unit})" if isinstance(control, Knob) and control.unit else ""
    return label_of(name, control) + unit


def _slider(knob: Knob, **words: Any) -> Any:
    whole = all(float(part).is_integer() for part in (knob.default, knob.low, knob.step))
    kind: Callable[..., Any] = w.IntSlider if whole else w.FloatSlider
    number = int if whole else float
    return kind(
        value=number(knob.default),
        min=number(knob.low),
        max=number(knob.high),
        step=number(knob.step),
        readout_format="d" if whole else f".{_decimals(knob.step)}f",
        **words,
    )


def _decimals(step: float) -> int:
    """How many decimals one step has: a readout shows as many, a position has no more."""
    return len(f"{step:f}".rstrip("0").partition(".")[2])


def _position(control: Any) -> Any:
    """Where a control stands; a page's arithmetic may leave 19.999999999999996."""
    if isinstance(control, w.FloatSlider):
        return round(control.value, _decimals(control.step))
    return control.value


def _listen(controls: dict[str, Any], again: Latest) -> None:
    def turned(_: Any) -> None:
        again.ask({name: _position(control) for name, control in controls.items()})

    for control in controls.values():
        control.observe(turned, names="value")


def _reset(panel: Panel, controls: dict[str, Any]) -> Any:
    button = w.Button(description="Back to the defaults", tooltip="Every knob to its default")

    def back(_: Any) -> None:
        for name, value in panel.defaults.items():
            controls[name].value = value

    button.on_click(back)
    return button.add_class("hls-quiet")


def figures_html(turn: Turn) -> str:
    """One row of figures, or the sentence that says why there are none."""
    if turn.trouble:
        return f'<p class="hls-trouble" role="status">{escape(turn.trouble)}</p>'
    pairs = "".join(
        f"<div><span>{escape(label)}</span> <b>{escape(value)}</b></div>"
        for label, value in turn.figures.items()
    )
    return f'<div class="hls-figures" role="status">{pairs}</div>' if pairs else ""


def goals_html(panel: Panel, turn: Turn, ever: list[bool]) -> str:
    """The goals, each with a word that says how far it is."""
    now = turn.reached or (False,) * len(ever)
    rows = zip(panel.goals, now, ever, strict=True)
    items = "".join(_goal_html(goal.text, goal.condition, *done) for goal, *done in rows)
    listed = f'<ul class="hls-goals" aria-label="Goals">{items}</ul>'
    return f'<div role="status">{listed}</div>' if items else ""


def _goal_html(text: str, condition: Any, now: bool, before: bool) -> str:
    if condition is None:
        return f"<li>{escape(text)}</li>"
    word = goal_says(now, before)
    state = "reached" if now or before else "open"
    return f'<li class="hls-{state}"><b>{word}</b> {escape(text)}</li>'
