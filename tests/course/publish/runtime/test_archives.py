"""What a reader's tab is given: the labs without a solution, each grader by itself."""

import zipfile
from pathlib import Path

import pytest

from course.publish.runtime import archives
from labs.exercises.exercise import exercise, ids


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the archives."""
    folder = tmp_path_factory.mktemp("archives")
    archives.labs(folder / "labs.zip")
    archives.packages(folder / "packages.zip")
    archives.graders(folder / "graders")
    return folder


def names(file):
    """What is in an archive."""
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_the_labs_come_without_what_judges_or_solves(made):
    """The code that exercises share is there, no exercise is, and nothing of Jupyter."""
    inside = names(made / "labs.zip")
    assert "labs/exercises/judge.py" in inside
    folders = {name.replace(".", "_") for name in ids()}
    assert [name for name in inside if folders & set(name.split("/"))] == []
    assert [name for name in inside if "/right/" in name or "/wrong/" in name] == []
    assert [name for name in inside if "/widgets/" in name or "__pycache__" in name] == []


@pytest.mark.parametrize("name", ids())
def test_a_grader_comes_without_solutions(name, made):
    """Task, starter and scenarios in one archive; the official solution and the spot apart."""
    folder = name.replace(".", "_")
    inside = names(made / "graders" / f"{folder}.zip")
    assert f"labs/exercises/{folder}/exercise.yaml" in inside
    assert [each for each in inside if "/right/" in each or "/wrong/" in each] == []
    about = exercise(name)
    right, wrong = (names(made / "graders" / f"{folder}.{kind}.zip") for kind in ("right", "wrong"))
    assert right == [f"labs/exercises/{folder}/right/{about.official['file']}.py"]
    assert wrong == [f"labs/exercises/{folder}/wrong/{about.spot['wrong']}.py"]


def test_packages_bring_their_licences_and_nothing_compiled(made):
    """What runs in the tab is Python alone, of the versions that are installed here."""
    inside = names(made / "packages.zip")
    assert {name.split("/")[1] for name in inside if name.startswith("licences/")} == set(
        archives.PACKAGES
    )
    assert {Path(name).suffix for name in inside if not name.startswith("licences/")} == {".py"}


def test_the_same_files_make_the_same_bytes(made, tmp_path):
    """No time of day is in an archive, so that its name can be made from its content."""
    archives.labs(tmp_path / "labs.zip")
    assert (tmp_path / "labs.zip").read_bytes() == (made / "labs.zip").read_bytes()
