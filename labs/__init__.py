"""The laboratory: `run` a program in a world whose wire can be seen and broken.

    from labs import run, predict, knobs

Names are loaded when they are first used, so that a part that only computes never loads sockets.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labs.exercises.verbs import check as check
    from labs.exercises.verbs import hint as hint
    from labs.exercises.verbs import progress as progress
    from labs.exercises.verbs import solution as solution
    from labs.exercises.verbs import spot as spot
    from labs.lessons import lesson as lesson
    from labs.outcome import Run as Run
    from labs.panel import Choice as Choice
    from labs.panel import Goal as Goal
    from labs.panel import Knob as Knob
    from labs.panel import Switch as Switch
    from labs.panel import knobs as knobs
    from labs.prediction import Number as Number
    from labs.prediction import choose as choose
    from labs.prediction import order as order
    from labs.prediction import predict as predict
    from labs.world.http import serve_http as serve_http
    from labs.world.live import live as live
    from labs.world.run import observe as observe
    from labs.world.run import run as run
    from labs.world.world import World as World

_HOMES = {
    "Choice": "labs.panel",
    "Goal": "labs.panel",
    "Knob": "labs.panel",
    "Number": "labs.prediction",
    "Run": "labs.outcome",
    "Switch": "labs.panel",
    "World": "labs.world.world",
    "check": "labs.exercises.verbs",
    "choose": "labs.prediction",
    "hint": "labs.exercises.verbs",
    "knobs": "labs.panel",
    "lesson": "labs.lessons",
    "live": "labs.world.live",
    "observe": "labs.world.run",
    "order": "labs.prediction",
    "predict": "labs.prediction",
    "progress": "labs.exercises.verbs",
    "run": "labs.world.run",
    "serve_http": "labs.world.http",
    "solution": "labs.exercises.verbs",
    "spot": "labs.exercises.verbs",
}

__all__ = [
    "Choice",
    "Goal",
    "Knob",
    "Number",
    "Run",
    "Switch",
    "World",
    "check",
    "choose",
    "hint",
    "knobs",
    "lesson",
    "live",
    "observe",
    "order",
    "predict",
    "progress",
    "run",
    "serve_http",
    "solution",
    "spot",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'labs' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def _in_a_kernel() -> bool:
    return "ipykernel" in sys.modules and "IPython" in sys.modules


if _in_a_kernel():  # the seam by which a kernel turns declarations into widgets
    from labs.widgets import install_here

    install_here()
