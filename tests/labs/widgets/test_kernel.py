import pytest

pytest.importorskip("nbclient", reason="a kernel is started with nbclient")
pytest.importorskip("ipywidgets", reason="live views need ipywidgets")

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

VIEW = "application/vnd.jupyter.widget-view+json"
SETUP = """
from labs import knobs, predict, Knob
from labs.outcome import Run
from labs.journal import Journal, Opened, Sent
from ipywidgets.widgets.widget import _instances

events = (
    Opened(0.0, 1, "bidder", "auction", 8765, 0.05),
    Sent(0.05, 1, "bidder", "auction", b"GET / HTTP/1.1\\r\\nHost: auction\\r\\n\\r\\n", 0.075),
)
seen = Run(None, Journal(events, ("bidder", "auction"), 1.0))
panel = knobs(lambda interval: seen, interval=Knob(20, 1, 60, 1, "s"))
question = predict("How many?", unit="sends", low=0, high=50)
"""


@pytest.fixture(scope="module")
def outputs():
    """The outputs of each cell's source, out of one fresh kernel."""
    cells = [SETUP, *CELLS]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    client = NotebookClient(
        notebook, timeout=60, allow_errors=True, kernel_name="python3", store_widget_state=False
    )
    client.execute()
    assert notebook.cells[0].outputs == []
    return {cell.source: cell.outputs for cell in notebook.cells[1:]}


RUN_IN_CELL = "import asyncio\nasync def main(): pass\nasyncio.run(main())"
IN_FUNCTION = "def start():\n    asyncio.run(main())\nstart()"
FORGOTTEN = "async def outer():\n    main()\nawait outer()"
CELLS = (
    "seen",
    "panel",
    "question",
    "question.reveal(0, beside=seen)",
    RUN_IN_CELL,
    IN_FUNCTION,
    "main()",
    FORGOTTEN,
    FORGOTTEN + " ",
    "raise RuntimeError('other')",
    "before = len(_instances)",
    *(f"get_ipython().run_cell('panel') and None  # {i}" for i in range(2)),
    "len(_instances) - before",
)


@pytest.mark.parametrize("shown", ["seen", "panel", "question"])
def test_a_view_joins_the_bundle(outputs, shown):
    """Run, panel and prediction show a live view beside their fixed text and their JSON."""
    (output,) = outputs[shown]

    assert output.data[VIEW]["model_id"]
    assert any(name.startswith("application/vnd.hook-line-socket.") for name in output.data)
    assert "0x" not in output.data["text/plain"]


@pytest.mark.parametrize("shown", ["seen", "panel", "question.reveal(0, beside=seen)"])
def test_the_picture_stays_beside_the_view(outputs, shown):
    """Whoever cannot show widgets finds the static SVG in the same bundle."""
    (output,) = outputs[shown]

    assert output.data["image/svg+xml"].startswith("<svg")


def test_asyncio_run_is_explained(outputs):
    """asyncio.run in a cell is one sentence with the line, and the cell still fails."""
    (direct,), (inside,) = outputs[RUN_IN_CELL], outputs[IN_FUNCTION]

    assert direct.output_type == inside.output_type == "error"
    assert "".join(direct.traceback) == (
        "Line 3: a notebook cell already runs inside an event loop, so asyncio.run cannot start "
        "another; write `await main()` instead, or `run(main)` for a program of the laboratory."
    )
    assert inside.traceback[0].startswith("Line 2: ")


def test_a_coroutine_as_value_is_explained(outputs):
    """A cell whose value is a coroutine says so in fixed words."""
    (output,) = outputs["main()"]

    assert output.data["text/plain"] == (
        "Line 1: `main` made a coroutine that nobody awaited, so nothing of it has run. "
        "Write `await main()`."
    )


@pytest.mark.parametrize("source", [FORGOTTEN, FORGOTTEN + " "])
def test_a_forgotten_await_is_explained_each_time(outputs, source):
    """A coroutine dropped inside a function is named with its line, in every run of the cell."""
    (output,) = outputs[source]

    assert output.text == (
        "Line 2: `main` made a coroutine that nobody awaited, so nothing of it has run. "
        "Write `await main()`.\n"
    )


def test_other_errors_keep_their_traceback(outputs):
    """Only the one known sentence is replaced."""
    (output,) = outputs["raise RuntimeError('other')"]

    assert output.evalue == "other"
    assert len(output.traceback) > 1


def test_running_a_cell_again_leaks_nothing(outputs):
    """Shown again and again, a panel's widgets do not pile up in the kernel."""
    (output,) = outputs["len(_instances) - before"]

    assert output.data["text/plain"] == "0"
