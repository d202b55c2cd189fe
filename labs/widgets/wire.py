"""The wire view: a run, stepped through event by event. The page's half is `wire_view.js`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from labs.widgets.screen import RUN

SVG = "image/svg+xml"


def read(name: str) -> str:
    """The text of a file in this room; it also works from inside a zipped wheel."""
    return files("labs.widgets").joinpath(name).read_text("utf-8")


class WireView(anywidget.AnyWidget):
    """A diagram and what is behind it; `compact` shows the diagram alone."""

    _esm = read("wire_view.js")
    _css = read("wire_view.css")
    svg = traitlets.Unicode("").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    wire = traitlets.Dict().tag(sync=True)
    noticed: Any = traitlets.List().tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)


def wire_view(bundle: Mapping[str, Any], compact: bool = False) -> WireView:
    """The view of anything whose bundle holds a diagram, and the run behind it if there is one."""
    return WireView(**pictured(bundle, compact))


def pictured(bundle: Mapping[str, Any], compact: bool = False) -> dict[str, Any]:
    """What a view draws, out of a MIME bundle; the text is for what has no picture."""
    text, svg = bundle.get("text/plain", ""), bundle.get(SVG, "")
    noticed = [line for line in text.splitlines() if line.startswith("noticed: ")]
    behind = {} if compact else dict(bundle.get(RUN, {}))
    shown = {"svg": svg, "text": "" if svg else text, "noticed": noticed if svg else []}
    return {**shown, "wire": behind, "compact": compact}
