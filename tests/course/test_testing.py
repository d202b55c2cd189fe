"""The door `test`."""

import subprocess
import sys

DOOR = "import sys; from course import testing; testing.main(sys.argv[1:])"


def run(folder, *arguments):
    """Exit status and output of the door, opened in some folder."""
    command = [sys.executable, "-c", DOOR, "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_arguments_go_to_pytest(tmp_path):
    """From whatever folder, pytest gets the arguments and its status comes back."""
    passed = run(tmp_path, "tests/test_readme.py", "-k", "door_is_told", "-q")
    nothing = run(tmp_path, "tests/test_readme.py", "-k", "nonesuch")

    assert passed[0] == 0
    assert "1 passed" in passed[1]
    assert nothing[0] == 5


def test_what_is_skipped_is_said(tmp_path):
    """The reason of each skip is printed at the end."""
    (tmp_path / "test_it.py").write_text("import pytest\n\ndef test(): pytest.skip('for a reason')")
    status, said = run(tmp_path, str(tmp_path / "test_it.py"))

    assert status == 0
    assert "SKIPPED [1]" in said
    assert "for a reason" in said
