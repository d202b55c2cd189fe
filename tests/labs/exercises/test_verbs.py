"""The verbs of an exercise as a learner uses them: cells of a notebook, run in a real kernel."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("nbclient", reason="a kernel is started with nbclient")
pytest.importorskip("ipywidgets", reason="live views need ipywidgets")

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from labs.exercises import PROGRESS
from labs.exercises.exercise import exercise

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
ABOUT = exercise("m4.check")
VIEW = "application/vnd.jupyter.widget-view+json"
MARK = f"# exercise: {ABOUT.id}\n"
WRONG = MARK + ABOUT.solutions("wrong")["accept_missing"]
OTHER = MARK + ABOUT.solutions("wrong")["accept_by_case"]
RIGHT = ABOUT.official_solution()
LINE, TEXT = ABOUT.spot["line"], ABOUT.spot["repair"][0]["text"]
HELPER = "from labs.websocket.handshake import check as ours\n\ndef judge_it(*both): ours(*both)"
USING = MARK + "def check_answer(response, key):\n    judge_it(response, key)"
CLASS = MARK + "class check_answer:\n    def __init__(self, response, key): ...\n    x = 1"
UNMARKED = "def check_answer(response, key):\n    raise ValueError(key)"
CHECK, HINT = f'check("{ABOUT.id}")', f'hint("{ABOUT.id}")'
SPOT = f'spot("{ABOUT.id}"'
CELLS = {
    "imports": "from labs import check, hint, progress, solution, spot",
    "nothing was run": CHECK,
    "an unmarked cell": UNMARKED,
    "check the unmarked cell": CHECK,
    "the starter": ABOUT.starter,
    "check the starter": CHECK,
    "a hint before any attempt": HINT,
    "a solution before any attempt": f'solution("{ABOUT.id}")',
    "a wrong cell": WRONG,
    "check the wrong cell": CHECK,
    "its second hint": HINT,
    "any rung": f'hint("{ABOUT.id}", 5)',
    "the solution": f'solution("{ABOUT.id}")',
    "another cell with the same mark": RIGHT,
    "check the other cell": CHECK,
    "the wrong cell again": OTHER,
    "check the wrong cell again": CHECK,
    "a helper": HELPER,
    "a cell that needs it": USING,
    "check what needs it": CHECK,
    "a class": CLASS,
    "check the class": CHECK,
    "no such exercise": 'check("m4.cheque")',
    "spot": f"{SPOT})",
    "the line": f"{SPOT}, line={LINE})",
    "another line": f"{SPOT}, line={LINE - 1})",
    "no line": f"{SPOT}, line=99)",
    "a repair": f"{SPOT}, repair={{{LINE}: {TEXT!r}}})",
    "no repair": f"{SPOT}, repair={{{LINE}: 'found = []'}})",
    "progress": "progress()",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What each cell showed: the data of its output, in a kernel that ran all of them in order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROGRESS, str(tmp_path_factory.mktemp("kept") / "progress.json"))
        notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
        NotebookClient(
            notebook, timeout=60, allow_errors=True, kernel_name="python3", store_widget_state=False
        ).execute()
    outputs = (cell.outputs for cell in notebook.cells)
    return dict(zip(CELLS, (dict(each[0]) if each else {} for each in outputs), strict=True))


@pytest.fixture
def text(shown):
    """The words that a cell showed."""
    return lambda cell: shown[cell]["data"]["text/plain"]


@pytest.mark.parametrize(
    ("cell", "headline"),
    [
        ("nothing was run", "not attempted"),
        ("check the unmarked cell", "incorrect (raised)"),
        ("check the starter", "not attempted"),
        ("check the wrong cell", "incorrect (accept_missing)"),
        ("check the other cell", "correct"),
        ("check the wrong cell again", "incorrect (accept_by_case)"),
        ("check what needs it", "correct"),
        ("check the class", "incorrect (not_asked)"),
    ],
)
def test_check_judges_the_cell_as_it_was_run_last(text, cell, headline):
    """Of several cells with the mark, the one that was run last counts; others lend their names."""
    assert text(cell).splitlines()[0] == f"m4.check: {headline}"


def test_check_says_where_it_looked(text):
    """Nothing run, nothing marked, nothing filled in: a sentence each."""
    assert "No cell that was run begins with `# exercise: m4.check`." in text("nothing was run")
    assert "in a cell that does not begin with `# exercise:" in text("check the unmarked cell")
    assert "The starter is as it was." in text("check the starter")
    assert "`check_answer` is a class, and the exercise asks for a function" in " ".join(
        text("check the class").split()
    )


@pytest.mark.parametrize("cell", ["check the starter", "check the wrong cell", "spot"])
def test_what_is_checked_can_be_pressed(shown, cell):
    """In a kernel a verdict and a spot bring a live view beside their words."""
    data = shown[cell]["data"]

    assert data[VIEW]["model_id"]
    assert data["text/html"]


def test_a_verdict_brings_its_run(text):
    """Words and picture: the run in which the bug showed itself, marked where it did."""
    said = text("check the wrong cell")

    assert all(part in said for part in ("What we did", "What we saw", "The contract", "Look next"))
    assert "bidder --> auction" in said


def test_an_unknown_exercise_is_an_error_that_lists_those_there_are(shown):
    """A slip of the pen is answered with the names."""
    assert shown["no such exercise"]["ename"] == "ExerciseError"
    assert "there are: m1.poll, " in shown["no such exercise"]["evalue"]


def test_hints_climb(text):
    """Each asking is one rung higher; after a check the first words are about its bug."""
    assert text("a hint before any attempt").startswith("**Hint 1 of 5, symptom.**")
    second = text("its second hint")
    assert second.startswith("Your last check met `accept_missing`. Follow the case")
    assert "**Hint 2 of 5, question.**" in second
    assert "**Hint 5 of 5, neighbour.**" in text("any rung")


def test_the_solution_shows_code_and_what_it_does_differently(text):
    """Its words, its code, and a diff against the cell that was run; no diff against a starter."""
    first, second = text("a solution before any attempt"), text("the solution")

    assert f"```python\n{RIGHT.strip()}\n```" in first
    assert "```diff" not in first
    assert second.startswith(first)
    assert "```diff\n--- yours\n+++ ours" in second
    assert '-    found = values(said, "Sec-WebSocket-Accept") or [expected]' in second


def test_a_spot_shows_program_and_run_and_does_not_say_why(text):
    """Numbered lines, what was seen, what to do, the picture."""
    said = text("spot")

    assert f"{LINE:>3}      found = values" in said
    assert "Which line is wrong?" in said
    assert "accept_missing" not in said
    assert "101 Switching Protocols" in said


def test_a_line_is_answered(shown, text):
    """The right one with the reason, another one with where to look, none with what there is."""
    why = " ".join(ABOUT.spot["why"].split())

    assert " ".join(text("the line").split()) == f"Line {LINE}: {why}"
    assert "this one may stay as it is" in text("another line")
    assert "has lines 1 to" in text("no line")
    assert VIEW not in shown["the line"]["data"]


def test_a_repair_is_graded(text):
    """The repaired program is judged as any other, and the edits are counted."""
    assert text("a repair").startswith("Repaired: 1 line changed, fewer is not known.")
    assert text("no repair").startswith("Not yet: 1 line changed.")
    assert "m4.check: incorrect" in text("no repair")


def test_progress_is_a_table(shown, text):
    """Passed, hard, and what to go on with: the last that was tried and is not passed."""
    assert text("progress").startswith("1 of ")
    assert "hard for you: m4.check; go on with m1.poll." in " ".join(text("progress").split())
    html = shown["progress"]["data"]["text/html"]
    assert "✓ passed, hard</td>" in html


def stored():
    """The source and output of each check cell of the lessons, where its exercise is unsolved."""
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells]
        for cell, source in zip(cells, sources, strict=True):
            name = "".join(re.findall(r'^check\("(.+)"\)$', source))
            if name and exercise(name).starter.rstrip("\n") in sources:
                yield pytest.param(cell["outputs"], id=name)


@pytest.mark.parametrize("outputs", list(stored()))
def test_a_stored_check_says_not_attempted(outputs):
    """A lesson is handed out unsolved, and shows so where no kernel runs: no widget, no state."""
    (output,) = outputs

    assert "".join(output["data"]["text/plain"]).splitlines()[0].endswith(": not attempted")
    assert VIEW not in output["data"]
