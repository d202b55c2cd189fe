"""Where a solution lives: the cell with its id, wherever it stands, and what it stands on."""

from sample import RIGHT, SMALL, STARTER, sample

from labs.exercises.cells import Cell, find
from labs.exercises.judge import judge

OTHER = "# exercise: m0.other\nasync def other(): ..."


def cells(*sources):
    """These sources as cells 1, 2, 3 ..."""
    return [Cell(number, source) for number, source in enumerate(sources, 1)]


def found(*sources, history=False):
    """What is found in them."""
    return find(sample(), cells(*sources), history=history)


def test_a_cell_is_found_by_its_id_and_not_by_its_place():
    """Whatever stands around it, the first line decides."""
    assert found("1 + 1", OTHER, RIGHT, "2 + 2").source == RIGHT
    assert found(RIGHT, "1 + 1").source == RIGHT
    assert found("\n\n" + RIGHT).source == "\n\n" + RIGHT
    assert found("1 + 1", OTHER) is None
    assert Cell(1, "# exercise: m6.heartbeat  \nx = 1").exercise == "m6.heartbeat"
    assert Cell(1, "x = 1  # exercise: m6.heartbeat").exercise == ""


def test_of_copies_the_last_one_that_was_written_counts():
    """A copy made for safety, or the untouched original, does not win over what was written."""
    submission = found(SMALL, "1", RIGHT, STARTER)

    assert submission.source == RIGHT
    assert submission.notes == ("Cells 1, 3, 4 begin with `# exercise: m0.answer`; cell 3 counts.",)


def test_in_a_notebooks_history_the_last_run_counts():
    """A cell run three times is no three copies."""
    submission = found(RIGHT, SMALL, history=True)

    assert (submission.source, submission.notes) == (SMALL, ())


def test_a_cell_that_lost_its_first_line_is_found_by_what_it_defines():
    """And a sentence says where."""
    submission = found("1", RIGHT.partition("\n")[2])

    assert submission.notes == (
        "Found in cell 2 that does not begin with `# exercise: m0.answer`.",
    )
    assert judge(sample(), submission).passed


def test_a_helper_in_another_cell_comes_along_with_what_it_needs():
    """Functions, constants and imports of other cells, the last definition counting."""
    helper = "import string as s\nTABLE = {}\ndef loud(text):\n    return swap(text)\n"
    swap = "def swap(text):\n    return text.translate(TABLE)\n"
    last = "TABLE = str.maketrans(s.ascii_lowercase, s.ascii_uppercase)\n"
    mine = "# exercise: m0.answer\nasync def answer(question):\n    return loud(question)\n"
    submission = found(helper, swap, "%matplotlib inline", last, mine)

    assert judge(sample(), submission).passed
    assert "TABLE = {}" not in submission.before


def test_a_split_cell_is_put_together():
    """The asked function in a second cell, its helper under the mark."""
    first = "# exercise: m0.answer\ndef loud(text):\n    return text.upper()\n"
    second = "async def answer(question):\n    return loud(question)\n"

    assert judge(sample(), found(first, second)).passed


def test_a_local_name_is_nobody_elses():
    """A variable of a function takes nothing from a cell that happens to use the same name."""
    mine = (
        "# exercise: m0.answer\nasync def answer(question):\n"
        "    loud = [letter.upper() for letter in question]\n    return ''.join(loud)\n"
    )
    submission = found("loud = 1 / 0\nletter = loud", mine)

    assert submission.before == ""
    assert judge(sample(), submission).passed


def test_what_the_code_does_not_use_is_not_executed():
    """A cell beside it that raises, or runs for an hour, is none of its business."""
    assert judge(sample(), found("1 / 0", RIGHT, "while True: pass")).passed


def test_a_line_of_another_cell_that_raises_is_the_learners():
    """The verdict shows the line of the helper."""
    helper = "def loud(text):\n    return text.no_such()\n"
    mine = "# exercise: m0.answer\nasync def answer(question):\n    return loud(question)\n"
    verdict = judge(sample(), found(helper, mine))

    assert verdict.bug == "raised"
    assert "return text.no_such()" in verdict.saw
