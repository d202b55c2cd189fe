"""What is installed: requirement files, extras and wheel say the same."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ]+) +# (.+)$")
FILES = {
    "requirements.txt": ("jupyter", "site", "tutor"),
    "requirements-test.txt": ("test", "model"),
}


def lines(file: Path) -> list[str]:
    """The lines that install something."""
    meaningful = (line for line in file.read_text().splitlines() if line)
    return [line for line in meaningful if not line.startswith(("#", "--only-binary"))]


def pins(file: Path) -> dict[str, str]:
    """Version by name."""
    found = (PIN.match(line) for line in lines(file) if line != "-e .")
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def named(project: Path, extras: tuple[str, ...]) -> dict[str, Requirement]:
    """What pyproject.toml asks for in these extras; the bare install goes with the first file."""
    metadata = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    bare = metadata["dependencies"] if "jupyter" in extras else []
    texts = bare + [text for extra in extras for text in metadata["optional-dependencies"][extra]]
    return {canonicalize_name(Requirement(text).name): Requirement(text) for text in texts}


@pytest.mark.parametrize("file", FILES)
def test_each_requirement_is_pinned_with_its_reason(project, file):
    """Every line is `name==version  # why`; what a learner runs ends with the project itself."""
    unexplained = [line for line in lines(project / file) if not PIN.match(line)]

    assert unexplained == (["-e ."] if file == "requirements.txt" else [])
    assert ("-e ." in lines(project / file)[-1:]) == (file == "requirements.txt")


@pytest.mark.parametrize(("file", "extras"), FILES.items())
def test_extras_and_requirement_files_hold_together(project, file, extras):
    """Both name the same packages, and each pin is a version that the extra allows."""
    pinned, asked = pins(project / file), named(project, extras)

    assert sorted(pinned) == sorted(asked)
    assert {n: v for n, v in pinned.items() if not asked[n].specifier.contains(v)} == {}


def test_the_extras_are_the_five(project):
    """Bare is the labs; Jupyter, site, tutor, its models and the tests are asked for by name."""
    metadata = tomllib.loads((project / "pyproject.toml").read_text())["project"]

    assert sorted(metadata["optional-dependencies"]) == [
        "jupyter", "model", "site", "test", "tutor",
    ]  # fmt: skip
    assert metadata["scripts"] == {"hook-line-socket": "course.__main__:main"}


@pytest.fixture(scope="module")
def wheel(project, copy_of_project, tmp_path_factory):
    """The project's wheel, built from a copy without touching the network."""
    place = tmp_path_factory.mktemp("wheel")
    copy = copy_of_project(place / "clone")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", place, copy], check=True, capture_output=True, timeout=110)
    return next(place.glob("*.whl"))


def test_the_wheel_installs_two_names(wheel):
    """`labs` and `course`, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"labs", "course"}


def test_the_wheel_holds_every_file_that_the_code_reads(project, wheel):
    """Modules and the tables, scripts and styles beside them are all in it."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    here = {
        file.relative_to(project).as_posix()
        for room in ("labs", "course")
        for file in (project / room).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert here - inside == set()


def test_the_wheel_works_without_unpacking(wheel, tmp_path):
    """Both packages can be imported from the zip file itself, without Jupyter."""
    code = (
        "import sys; sys.modules['IPython'] = sys.modules['ipywidgets'] = None; "
        f"sys.path.insert(0, {str(wheel)!r}); import labs, course; "
        "print(labs.__file__.count('.whl'), course.__file__.count('.whl'))"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("1 1\n", "")
