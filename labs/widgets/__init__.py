"""Live views in a notebook: the only room that knows ipywidgets and anywidget.

`install` teaches a kernel to add a widget to what a run, a panel or a prediction shows of
itself. Text and picture stay in the bundle, so nothing is lost where widgets are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from labs.cells_run import CELLS
from labs.widgets import traps
from labs.widgets.screen import RUN, Screen

if TYPE_CHECKING:
    from labs.live_view import LiveView
    from labs.panel import Panel
    from labs.prediction import Prediction, Reveal


def install(ip: Any) -> None:
    """Registers the live views and the learner's traps in a running IPython kernel.

    Call it once, with `get_ipython()`; a second call changes nothing, and a shell without a
    kernel (no comms, so no widgets) gets the traps only.
    """
    if getattr(ip, "hook_line_socket", None) is not None:
        return
    ip.hook_line_socket = screen = Screen()
    traps.install(ip)
    ip.events.register("pre_run_cell", lambda info: CELLS.append(info.raw_cell))
    if not hasattr(ip, "kernel"):
        return
    ip.events.register("pre_run_cell", screen.begin)
    ip.events.register("post_run_cell", screen.end)
    formatter = ip.display_formatter.mimebundle_formatter
    for name, live in _views(screen).items():
        formatter.for_type(name, live)


def install_here() -> None:
    """The same for the kernel that this process is, if it is one."""
    from IPython.core.getipython import get_ipython

    if (ip := get_ipython()) is not None:
        install(ip)


def _views(screen: Screen) -> dict[str, Any]:
    """What is shown live, by the name of its type; naming it imports nothing."""

    def panel(shown: Panel) -> dict[str, Any]:
        from labs.widgets.knobs import panel_view

        turn = shown.turn()
        return screen.add(shown.bundle(turn), panel_view(shown, turn))

    def prediction(shown: Prediction) -> dict[str, Any]:
        from labs.widgets.questions import prediction_view

        return screen.add(shown._repr_mimebundle_(), prediction_view(shown))

    def reveal(shown: Reveal) -> dict[str, Any]:
        from labs.widgets.questions import reveal_view

        bundle = shown._repr_mimebundle_()
        return screen.add(bundle, reveal_view(shown, bundle)) if RUN in bundle else bundle

    def run(shown: Any) -> dict[str, Any]:
        from labs.messages import wire
        from labs.widgets.wire import wire_view

        bundle = shown._repr_mimebundle_()
        live = {RUN: wire(shown.journal), **bundle}  # a real run too can be stepped through
        return screen.add(bundle, wire_view(live))

    def practice(kind: str) -> Callable[[Any], dict[str, Any]]:
        def live(shown: Any) -> dict[str, Any]:
            from labs.widgets import practice as views

            bundle: dict[str, Any] = shown._repr_mimebundle_()
            if getattr(shown, "answer", "") and kind == "spot_view":
                return bundle  # an answer stands as it is
            return screen.add(bundle, getattr(views, kind)(shown))

        return live

    def server(shown: LiveView) -> dict[str, Any]:
        from labs.widgets.server import server_view

        return screen.add({"text/plain": repr(shown)}, server_view(shown))

    return {
        "labs.exercises.spot.Spot": practice("spot_view"),
        "labs.exercises.verdict.Verdict": practice("verdict_view"),
        "labs.ordering.Ordering": practice("ordering_view"),
        "labs.live_view.LiveView": server,
        "labs.panel.Panel": panel,
        "labs.prediction.Prediction": prediction,
        "labs.prediction.Reveal": reveal,
        "labs.outcome.Run": run,
    }
