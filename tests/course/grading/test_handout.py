"""A class repository: lessons and CI, no solution; and its CI is run as its files say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course.grading import handout, reset
from course.refusal import Refusal
from labs.exercises.exercise import everything
from labs.exercises.progress import Entry, read, write

ROOT = Path(__file__).resolve().parents[3]
ID = "m4.handshake"


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """The repository that the door writes."""
    folder = tmp_path_factory.mktemp("class") / "repository"
    assert handout.main([str(folder), "--release", "the-release"]) == 0
    return folder


def test_every_lesson_is_in_it_and_no_solution(handed_out):
    """Exercise cells hold starters, and nothing of a grader or a solution is anywhere."""
    shipped = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (handed_out / "notebooks").glob("*.ipynb")} == shipped
    everything_in_it = "\n".join(
        path.read_text() for path in handed_out.rglob("*") if path.is_file()
    )
    for about in everything():
        for source in about.solutions("right").values():
            assert source.strip() not in everything_in_it
    assert list(handed_out.rglob("*.py")) == []


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    """Nothing is written over what somebody has."""
    (tmp_path / "mine").write_text("1")
    with pytest.raises(Refusal, match="is not empty") as refused:
        handout.main([str(tmp_path)])

    assert refused.value.status == 64
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("template", "copy"),
    [("github.yml", ".github/workflows/exercises.yml"), ("gitlab.yml", ".gitlab-ci.yml")],
)
def test_a_fork_of_this_project_has_the_same_ci(template, copy):
    """The workflows of the clone are those of a class, with this release."""
    text = (ROOT / "course" / "grading" / "handed_out" / template).read_text()

    assert (ROOT / copy).read_text() == text.replace(
        "{{release}}", "hook-line-socket[jupyter]==0.1.0"
    )


def steps(folder, kind):
    """The commands that the CI of this kind runs, in order."""
    if kind == "github":
        workflow = yaml.safe_load((folder / ".github/workflows/exercises.yml").read_text())
        return [step["run"] for step in workflow["jobs"]["grade"]["steps"] if "run" in step]
    return yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["exercises"]["script"]


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """A folder for PATH whose `python3 -m venv` makes an environment without a network.

    Its pip takes the release that CI asks for from this environment, which has the same one.
    """
    folder = tmp_path_factory.mktemp("bin")
    stand_in = f"""#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "installed $2"\\n' > "$3/bin/pip"
printf '#!/bin/sh\\nexec {sys.executable} -P -m course "$@"\\n' > "$3/bin/hook-line-socket"
chmod +x "$3/bin/pip" "$3/bin/hook-line-socket"
"""
    (folder / "python3").write_text(stand_in)
    (folder / "python3").chmod(0o755)
    return folder


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_what_the_workflows_run(kind, tools, tmp_path, about):
    """Untouched the class is green; a right solution keeps it so, a wrong one turns it red."""
    folder = tmp_path / "class"
    handout.main([str(folder), "--release", "the-release"])
    for path in (folder / "notebooks").glob("*"):
        if not path.name.startswith("04"):
            path.unlink()
    summary = tmp_path / "summary"
    given = {"RELEASE": "the-release", "WHO": "ann", "GITLAB_USER_LOGIN": "ann"}
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **given, "PATH": path, "GITHUB_STEP_SUMMARY": str(summary)}

    def ci():
        script = "\n".join(steps(folder, kind))
        return subprocess.run(
            ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    untouched = ci()
    assert untouched.returncode == 0, untouched.stdout + untouched.stderr
    assert "installed the-release" in untouched.stdout
    report = json.loads((folder / "report.json").read_text())
    assert (report["who"], report["lessons"]) == ("ann", {"04_handshake": ""})
    fill_in(folder, about.solutions("right")["by_hand"])
    assert ci().returncode == 0
    fill_in(folder, about.solutions("wrong")["any_method"])
    red = ci()
    assert red.returncode == 1
    assert "any_method" in red.stdout


def fill_in(folder, source):
    """Writes into the exercise's cell, and runs nothing."""
    path = folder / "notebooks" / "04_handshake.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith(f"# exercise: {ID}"):
            cell["source"] = source
    path.write_text(json.dumps(notebook))


# Reset.


def test_a_lesson_is_restored_and_what_was_there_is_kept(lessons, fill, about, capsys):
    """The old version lies beside it, and the progress of its exercises is forgotten."""
    path = lessons / "04_handshake.ipynb"
    shipped = path.read_bytes()
    fill(about.solutions("right")["by_hand"])
    mine = path.read_bytes()
    write({ID: Entry(attempts=3), "m6.heartbeat": Entry(attempts=1)})

    assert reset.main(["04", "--notebooks", str(lessons)]) == 0
    assert path.read_bytes() == shipped
    assert (lessons / "04_handshake.old.ipynb").read_bytes() == mine
    assert list(read()) == ["m6.heartbeat"]
    assert "beside it" in capsys.readouterr().out
    assert reset.main(["04", "--notebooks", str(lessons)]) == 0
    assert "as it was handed out." in capsys.readouterr().out


def test_one_exercise_is_restored_and_the_rest_of_the_lesson_stays(lessons, fill, about):
    """Only its cell holds the starter again."""
    path = fill(about.solutions("right")["by_hand"])
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = "# my title"
    path.write_text(json.dumps(notebook))

    assert reset.main([ID, "--notebooks", str(lessons)]) == 0
    cells = json.loads(path.read_text())["cells"]
    assert cells[0]["source"] == "# my title"
    assert about.starter.strip() in ["".join(cell["source"]).strip() for cell in cells]


@pytest.mark.parametrize("what", ["99", "m99.nothing"])
def test_what_is_not_there_cannot_be_reset(lessons, what):
    """Status 64, with the names there are."""
    with pytest.raises(Refusal, match="there are") as refused:
        reset.main([what, "--notebooks", str(lessons)])

    assert refused.value.status == 64
