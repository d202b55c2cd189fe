"""Types and style of the whole project."""

import ast
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "command", [["mypy", "labs", "course"], ["ruff", "check", "."]], ids=["mypy", "ruff"]
)
def test_clean(project, command):
    """The checker has nothing to say."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_test_says_its_behaviour(project):
    """Every test function has a docstring."""
    silent = [
        f"{file.relative_to(project)}:{node.lineno} {node.name}"
        for file in sorted((project / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_no_test_sleeps(project):
    """A test waits for a condition; only a program in a world may sleep, in virtual time."""
    sleeping = [
        f"{file.relative_to(project)}:{number}"
        for file in sorted((project / "tests").rglob("*.py"))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if line.lstrip().startswith("time.sleep(") and "world" not in file.parts
    ]

    assert sleeping == []
