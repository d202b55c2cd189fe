"""Progress of the tests' own, and one exercise with solutions to hand in."""

import json
import shutil
from pathlib import Path

import pytest

from labs.exercises import PROGRESS
from labs.exercises.exercise import exercise

ROOT = Path(__file__).resolve().parents[3]
ID = "m4.handshake"


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """Nothing of whoever runs the tests is touched."""
    monkeypatch.setenv(PROGRESS, str(tmp_path / "progress.json"))


@pytest.fixture(scope="session")
def about():
    """The exercise that is handed in."""
    return exercise(ID)


@pytest.fixture
def right(about, tmp_path):
    """A file with a right solution."""
    return saved(tmp_path, about.solutions("right")["by_hand"])


@pytest.fixture
def wrong(about, tmp_path):
    """A file with a wrong one."""
    return saved(tmp_path, about.solutions("wrong")["any_method"])


def saved(folder, source, name="mine.py"):
    """The path of a file with this source."""
    path = folder / name
    path.write_text(source)
    return path


@pytest.fixture
def lessons(tmp_path):
    """A copy of one lesson."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for kind in ("ipynb", "yaml"):
        shutil.copy(ROOT / "notebooks" / f"04_handshake.{kind}", folder)
    return folder


@pytest.fixture
def fill(lessons):
    """Writes a source into the exercise's cell, as a learner does."""

    def filled(source, mark=f"# exercise: {ID}"):
        path = lessons / "04_handshake.ipynb"
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if "".join(cell["source"]).startswith(mark):
                cell["source"] = source
        path.write_text(json.dumps(notebook))
        return path

    return filled
