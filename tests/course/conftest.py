"""A tiny project with tiny packages, so that an installation takes seconds and no network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

STUB = '''"""A door that says where it runs."""
import sys, {package}

def main(arguments):
    print("inside", sys.prefix, {package}.__name__, *arguments)
    return 7
'''
PYPROJECT = """
[project]
name = "tiny"
version = "1"
"""


def wheel(folder: Path, name: str, version: str, root: Path) -> None:
    """A pure wheel with one package; its `.pth` does for the project what `-e .` does."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"version = '{version}'\n",
        f"{name}/deep/__init__.py": "",
        f"{name}/deep/er.py": "",
        f"{name}.pth": f"{root}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        lines.append(f"{path},sha256={digest.decode()},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


class Tiny:
    """A project whose doors are the real ones and whose packages are not."""

    def __init__(self, root: Path, project: Path) -> None:
        self.root = root
        self.wheels = root / "wheels"
        self.wheels.mkdir(parents=True)
        for name, version in (("alpha", "1.0"), ("beta", "1.0"), ("beta", "2.0"), ("gamma", "1")):
            wheel(self.wheels, name, version, root)
        course = root / "course"
        shutil.copytree(project / "course" / "setup", course / "setup")
        for file in ("__init__.py", "__main__.py", "doors.py", "refusal.py"):
            shutil.copy(project / "course" / file, course / file)
        (course / "server").mkdir()
        (course / "server" / "start.py").write_text(STUB.format(package="alpha"))
        (course / "testing.py").write_text(STUB.format(package="gamma"))
        (root / "requirements.txt").write_text("alpha==1.0\nbeta==1.0\n")
        (root / "requirements-test.txt").write_text("gamma==1\n")
        (root / "pyproject.toml").write_text(PYPROJECT)

    def environment(self, **more: str) -> dict[str, str]:
        """Ours, without whatever pip is told on this machine."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
        return kept | own | {"PIP_FIND_LINKS": str(self.wheels)} | more

    def start(self, *arguments: str, **more: str) -> "subprocess.Popen[str]":
        """`python3 -m course ...` under way, its output in one pipe."""
        command = [sys.executable, "-m", "course", *arguments]
        return subprocess.Popen(
            command, cwd=self.root, env=self.environment(**more),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def door(self, *arguments: str, **more: str) -> tuple[int, str]:
        """Exit status and output of `python3 -m course ...`."""
        process = self.start(*arguments, **more)
        said, _ = process.communicate(timeout=90)
        return process.returncode, said

    def packages(self) -> Path:
        """Where pip put the packages."""
        return next((self.root / ".venv").glob("lib/python3*/site-packages"))


@pytest.fixture(scope="module")
def tiny_once(tmp_path_factory, project):
    """One tiny project for all tests of a module."""
    return Tiny(tmp_path_factory.mktemp("tiny") / "project", project)


@pytest.fixture
def tiny(tiny_once):
    """A tiny project that `start` has set up."""
    status, said = tiny_once.door("start")
    assert status == 7, said
    return tiny_once


@pytest.fixture
def empty(tmp_path, project):
    """A tiny project that nobody has set up."""
    return Tiny(tmp_path / "project", project)
