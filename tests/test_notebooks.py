"""The shipped notebooks: what is stored is what comes out, each time, and the prose is true."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.reset import with_starters
from course.publish import notebook
from course.publish.author import examined
from labs.lessons import lesson

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SAMPLE = Path(__file__).parent / "course" / "publish" / "sample"
PATHS = notebook.files(NOTEBOOKS)
ROUNDS = 10
BUSY = "while True: pass"


def nbval(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A strict validation of every notebook in the folder, in a process of its own."""
    # The plugin is the publisher's own module: it keeps a slow import away from nbformat.
    command = [sys.executable, "-m", "pytest", "-p", "course.publish.notebook", "--nbval", "-q"]
    command += ["-p", "no:cacheprovider", "--nbval-cell-timeout=120", *options, str(folder)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        command, cwd=NOTEBOOKS.parent, env=environment, capture_output=True, text=True, check=False
    )


def restored(folder: Path, target: Path) -> Path:
    """A copy of the lessons whose exercise cells hold their starters again, found by id.

    So a learner who solves an exercise in the clone does not turn the course's own tests red.
    """
    target.mkdir()
    for path in notebook.files(folder):
        content = path.read_bytes()
        fresh = with_starters(content)
        (target / path.name).write_bytes(fresh)
        if fresh != content:
            notebook.write(notebook.read(target / path.name), target / path.name)
        shutil.copy(path.with_suffix(".yaml"), target)
    return target


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """The shipped lessons, restored."""
    return restored(NOTEBOOKS, tmp_path_factory.mktemp("lessons") / "notebooks")


def test_stored_outputs_are_what_comes_out(lessons):
    """Strict validation passes on each notebook that is shipped."""
    done = nbval(lessons, "-n", "2", "--dist", "loadfile")
    assert done.returncode == 0, done.stdout[-6000:]
    assert len(PATHS) > 0


def test_a_changed_digit_fails(tmp_path):
    """The validation is strict: one digit in one stored output is enough."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "notebooks"))
    path = folder / "90_sample.ipynb"
    text = path.read_text(encoding="utf-8")
    assert '"50 sent\\n"' in text
    path.write_text(text.replace('"50 sent\\n"', '"51 sent\\n"'), encoding="utf-8")
    done = nbval(folder)
    assert done.returncode == 1, done.stdout[-3000:]
    assert re.search(r"\b1 failed, \d+ passed", done.stdout), done.stdout[-3000:]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_lesson_passes_the_author_gate(path, lessons):
    """Claims hold, the shape is the template's, and the core path stands on its own."""
    assert examined(lessons / path.name, lesson(path.stem, lessons)) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_stored_notebook_is_normalised(path):
    """No widget, no time, no version, no id of a tool: the file is what --write writes."""
    if with_starters(path.read_bytes()) != path.read_bytes():
        pytest.skip("an exercise is filled in: a learner's notebook, as JupyterLab wrote it")
    stored = notebook.read(path)
    assert stored == notebook.normalised(stored)
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "widget" not in stored.metadata
    assert notebook.WIDGET not in text


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(900)
def test_ten_rounds_with_both_cores_busy(lessons):
    """Nothing in a notebook depends on how fast the machine is."""
    load = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 2)]
    try:
        for number in range(1, ROUNDS + 1):
            done = nbval(lessons, "-n", "3", "--dist", "loadfile")
            assert done.returncode == 0, f"round {number}: {done.stdout[-6000:]}"
    finally:
        for busy in load:
            busy.kill()
            busy.wait()
