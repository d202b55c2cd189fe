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
    wire = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)


def wire_view(bundle: Mapping[str, Any], compact: bool = False) -> WireView:
    """The view of anything whose bundle holds a diagram, and the run behind it if there is one."""
    return WireView(compact=compact, **pictured(bundle))


def pictured(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """What a view draws, out of a MIME bundle."""
    text = bundle.get("text/plain", "")
    return {"svg": bundle.get(SVG, ""), "wire": dict(bundle.get(RUN, {})), "text": text}
