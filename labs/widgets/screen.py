"""Which live views belong to which cell: running a cell again closes what it showed before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labs.live_view import SERVERS

RUN = "application/vnd.hook-line-socket.run+json"
VIEW = "application/vnd.jupyter.widget-view+json"


class Screen:
    """The live views on screen, by cell."""

    def __init__(self) -> None:
        self.cell = ""
        self.views: dict[str, list[Any]] = {}

    def begin(self, info: Any) -> None:
        """A cell begins to run: its earlier views are closed, in the kernel and in the page."""
        self.cell = getattr(info, "cell_id", None) or info.raw_cell
        for view in self.views.pop(self.cell, []):
            close(view)
        SERVERS.begin(self.cell)

    def end(self, result: Any) -> None:
        """A cell has ended; one that was interrupted takes the live servers with it."""
        if isinstance(result.error_in_exec, KeyboardInterrupt):
            SERVERS.stop_all()

    def add(self, bundle: dict[str, Any], view: Any) -> dict[str, Any]:
        """The bundle with the live view in it; the view belongs to the cell that runs."""
        self.views.setdefault(self.cell, []).append(view)
        live = {"version_major": 2, "version_minor": 0, "model_id": view.model_id}
        return {**bundle, VIEW: live}


def close(view: Any) -> None:
    """Closes a view with everything inside it; a box alone would leave its children behind."""
    for part in _parts(view):
        close(part)
    view.close()


def _parts(view: Any) -> Iterable[Any]:
    """The widgets that exist for this one alone: children, layout, style."""
    styles = (getattr(view, "layout", None), getattr(view, "style", None))
    return [*getattr(view, "children", ()), *(part for part in styles if hasattr(part, "close"))]
