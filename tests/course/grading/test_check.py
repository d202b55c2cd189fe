"""The door `check`: a verdict, and an exit status that a script can go by."""

import json

import pytest

from course.grading import apart, check, child
from course.refusal import Refusal
from labs.exercises.progress import read
from labs.exercises.submission import Submission

ID = "m4.handshake"
FIELDS = {"exercise", "verdict", "bug", "did", "saw", "expected", "next", "link", "diagram"}


def checked(capsys, *arguments):
    """Exit status and output of the door."""
    status = check.main([str(each) for each in arguments])
    return status, capsys.readouterr().out


def test_a_right_file_is_correct(capsys, right):
    """Status 0, what was run, and the attempt is kept."""
    status, said = checked(capsys, ID, right)

    assert status == 0
    assert said.startswith(f"{ID}: correct\n")
    assert read()[ID].passed


def test_a_wrong_file_is_incorrect_by_name(capsys, wrong):
    """Status 1, the bug, the four parts, and the run below them."""
    status, said = checked(capsys, ID, wrong)

    assert status == 1
    assert said.startswith(f"{ID}: incorrect (any_method)\n")
    for label in ("What we did", "What we saw", "The contract", "Look next at"):
        assert f"\n{label}" in said
    assert "bidder --> auction" in said
    assert (read()[ID].attempts, read()[ID].last) == (1, "any_method")


def test_json_is_one_object(capsys, wrong):
    """Every field of the design, for a script."""
    status, said = checked(capsys, ID, wrong, "--json")
    record = json.loads(said)

    assert status == 1
    assert record.keys() >= FIELDS
    assert (record["exercise"], record["verdict"], record["bug"]) == (ID, "incorrect", "any_method")
    assert "bidder --> auction" in record["diagram"]


def test_a_report_holds_code_seed_and_versions(capsys, wrong):
    """What somebody needs who looks into a verdict."""
    _, said = checked(capsys, ID, wrong, "--report")

    assert "seed: 1" in said
    assert "Python 3." in said
    assert wrong.read_text().strip() in said


def test_without_a_file_the_notebooks_cell_counts(capsys, about, lessons, fill):
    """Untouched it is no attempt; filled in it is judged; in another notebook it is found."""
    assert checked(capsys, ID, "--notebooks", lessons)[0] == 2
    fill(about.solutions("right")["by_hand"])
    assert checked(capsys, ID, "--notebooks", lessons)[0] == 0
    (lessons / "04_handshake.ipynb").rename(lessons / "my_solutions.ipynb")
    assert checked(capsys, ID, "--notebooks", lessons)[0] == 0


def test_a_notebook_is_a_file_too(capsys, about, lessons, fill):
    """FILE may be the learner's notebook."""
    path = fill(about.solutions("wrong")["any_method"])

    assert checked(capsys, ID, path)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "needs an exercise"),
        (("m99.nothing",), "there are: "),
        ((ID, "no/such/file.py"), "cannot be read: No such file"),
        ((ID, "."), "is a folder"),
        (("--all", ID), "not both"),
        ((ID, "--notebooks", "no/such/folder"), "is no folder"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(arguments, says):
    """Status 64 and one sentence."""
    with pytest.raises(Refusal, match=says) as refused:
        check.main(arguments)

    assert refused.value.status == 64


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\x00\x01\xff", "is not text in UTF-8"),
        (b"def f():\n    return '\0'\n", "is binary"),
        (b"#" * 10_000_000, "has 10,000,000 bytes"),
    ],
    ids=["not text", "binary", "10 MB"],
)
def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path, content, says):
    """Binary, or far too long for a solution."""
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=says) as refused:
        check.main([ID, str(path)])

    assert refused.value.status == 64


def test_a_word_that_argparse_does_not_know_is_one_too(capsys):
    """argparse's own status 2 would mean "not attempted"."""
    assert check.main([ID, "--frob"]) == 64
    assert check.main(["--help"]) == 0


def test_hints_climb_and_the_solution_is_shown(capsys, about):
    """Both are kept: an exercise that took them is offered again."""
    _, first = checked(capsys, ID, "--hint", "1")
    _, last = checked(capsys, ID, "--hint", "9")
    _, official = checked(capsys, ID, "--solution")

    assert first.startswith("**Hint 1 of 5, symptom.**")
    assert last.startswith("**Hint 5 of 5, neighbour.**")
    assert about.official_solution().strip() in official
    assert read()[ID].hard


# What the learner's code may do to the process that judges it.

SIGNATURE = "def handshake(received, subprotocols=()):\n"
BAD = {
    "a loop": ("    while True:\n        pass\n", "blocks", "mine.py:2"),
    "a loop in C": ("    import re\n    re.match('(a+)+$', 'a' * 60 + 'b')\n", "blocks", "line 3"),
    "memory": ("    x = b'x'\n    while True:\n        x = x + x\n", "memory", "MemoryError"),
    "os._exit": ("    import os\n    os._exit(0)\n", "exits", "status 0"),
    "sys.exit": ("    import sys\n    sys.exit(1)\n", "exits", "mine.py:3"),
    "a signal": ("    import os\n    os.kill(os.getpid(), 9)\n", "memory", "was killed"),
    "a process": ("    import os\n    os.fork()\n", "reaches_outside", "os.fork"),
    "a command": ("    import os\n    os.system('true')\n", "reaches_outside", "mine.py:3"),
    "a socket": (
        "    import socket\n    socket.create_connection(('127.0.0.1', 9))\n",
        "reaches_outside",
        "mine.py:3",
    ),
    "a megabyte": ("    print('x' * 1_000_000)\n    return 7\n", None, ""),
    "stdout itself": ("    import os\n    os.write(1, b'x' * 999_999)\n    return 7\n", None, ""),
}


@pytest.mark.parametrize("what", BAD)
def test_hostile_code_ends_in_a_verdict(about, what):
    """Each ends as incorrect with a sentence, in bounded time, and nothing is left running."""
    body, bug, says = BAD[what]
    graded = apart.graded(about, Submission(SIGNATURE + body, "mine.py"), seconds=8)

    assert graded.record["verdict"] == "incorrect"
    assert bug is None or graded.record["bug"] == bug
    assert says in graded.record["saw"]
    assert len(graded.text) < 10_000


@pytest.mark.parametrize(
    ("error", "verdict", "bug"),
    [
        (RuntimeError("can't start new thread"), "unclear", None),
        (MemoryError(), "incorrect", "memory"),
    ],
    ids=["ours", "memory"],
)
def test_our_own_failure_in_that_process_is_ours(about, monkeypatch, error, verdict, bug):
    """A judge that fails could not tell, except where there was no memory left."""

    def fails(*_):
        raise error

    monkeypatch.setattr(child, "judge", fails)
    told = child.judged(about, Submission(SIGNATURE + "    return 1\n", "mine.py"))

    assert (told.verdict, told.bug, told.source[:3]) == (verdict, bug, "def")
    assert bug or "That is our fault" in told.says


@pytest.mark.parametrize(
    ("source", "bug"),
    [
        ("def handshake(received:\n", "does_not_compile"),
        ("import no_such_package\n" + SIGNATURE + "    return 1\n", "missing_import"),
        ("x = 1\n", "not_asked"),
        ("class handshake:\n    x = 1\n", "not_asked"),
    ],
)
def test_code_that_is_no_answer_is_told_so(about, source, bug):
    """It does not compile, imports what is not there, defines nothing or something else."""
    graded = apart.graded(about, Submission(source, "mine.py"))

    assert (graded.record["verdict"], graded.record["bug"], graded.status) == ("incorrect", bug, 1)
