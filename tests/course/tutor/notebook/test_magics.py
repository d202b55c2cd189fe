"""`%tutor` and `%%tutor` in a kernel of their own, against a course that runs."""

import pytest

pytest.importorskip("nbclient", reason="a kernel is started with nbclient")

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from labs.exercises import PROGRESS

from .conftest import SCRIPT

CELLS = (
    "%load_ext course.tutor.notebook",
    "1 / 0",
    "%%tutor hint\nWhy did it fail?",
    "%tutor pasta?",
    "%tutor",
    "import course.tutor.notebook as again\nagain.load_ipython_extension(get_ipython())",
    "%tutor",
    "%%tutor\n\n",
)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def outputs(course):
    """What each cell put out, and the state of the widgets."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    client = NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROGRESS, str(course.state / "progress.json"))
        client.execute()
    return [cell.outputs for cell in notebook.cells], client.widget_state


def markdown(outputs):
    """The Markdown of a cell's one output."""
    [output] = outputs
    return output["data"]["text/markdown"]


def test_the_cell_before_and_its_traceback_go_along(outputs, course):
    """The question is answered in place, with its citation as a link into the course."""
    said = markdown(outputs[0][2])
    assert said.startswith("A dead peer is silent [\\[1\\]]")
    assert f"{course.origin}/lessons/06_liveness/#why" in said
    asked = next(each for each in course.answerer.asked if each.question == "Why did it fail?")
    assert asked.mode == "hint"
    assert asked.context["code"] == "1 / 0"
    assert asked.context["error"].endswith("ZeroDivisionError: division by zero\n")


def test_a_line_asks_too(outputs):
    """A refusal is Markdown with what can be asked."""
    assert "- What is a pong?" in markdown(outputs[0][3])


def test_alone_it_shows_the_panel(outputs, course):
    """Its script comes from the running course, and it follows the cells that run after it."""
    [output] = outputs[0][4]
    state = outputs[1][output["data"][VIEW]["model_id"]]
    assert state["_esm"] == SCRIPT
    assert state["origin"] == course.origin
    assert state["before"]["given"]["code"] == CELLS[5]


def test_loading_it_twice_changes_nothing(outputs):
    """The magics go on, and say nothing of it."""
    assert outputs[0][5] == []
    [output] = outputs[0][6]
    assert output["data"][VIEW]


def test_an_empty_question_says_how_to_ask(outputs):
    """Nothing is asked."""
    assert "Ask something" in markdown(outputs[0][7])
