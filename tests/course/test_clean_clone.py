"""The two commands and the plain doors, on a clean clone with the real packages.

One installation for all of them: `.venv` holds what `pip install -r requirements.txt` brings.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]

WITHIN = 300.0  # seconds for an installation on a slow line


def environment():
    """Ours, without whatever would lead to the environment that runs the tests."""
    dropped = ("VIRTUAL_ENV", "PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return {k: v for k, v in os.environ.items() if k not in dropped}


def lines_until(process, text, within):
    """What a process says, up to the line that holds the text, with the seconds that took."""
    began, said = time.monotonic(), []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if text in line:
            return said, time.monotonic() - began
        if time.monotonic() - began > within:
            break
    if any("index cannot be reached" in line for line in said):
        pytest.skip("no network: the real packages cannot be fetched")
    raise AssertionError("\n".join(said))


@contextlib.contextmanager
def running(folder, *command):
    """A command under way in the clone; it and all under it are gone afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
        for one in [*psutil.wait_procs(family, timeout=1)[1], process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.communicate()


def answer(url, within=60.0):
    """The page at an address, once it is there."""
    until = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.read().decode()
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until, url
            os.sched_yield()


@pytest.fixture(scope="module")
def course(tmp_path_factory, copy_of_project):
    """A clone in which `start` has set everything up, and what it said."""
    clone = copy_of_project(tmp_path_factory.mktemp("clean") / "clone")
    with running(clone, *START) as process:
        said, took = lines_until(process, "Course ready: ", WITHIN)
    print(f"clean clone to ready: {took:.1f} s")
    return clone, said


# The interpreter under the one that runs the tests, as a learner would have it.
PYTHON = getattr(sys, "_base_executable", sys.executable)
START = (PYTHON, "-m", "course", "start", "--no-browser", "--port", "8437", "--lab-port", "8438")


def test_the_first_command_sets_everything_up(course):
    """It says what it does, shows each package, and ends with the link."""
    _, said = course

    assert said[0].startswith("Setting up the course in .venv")
    assert any(re.search(r"\d+ s  jupyterlab 4\.", line) for line in said)
    assert said[-1].startswith("Course ready: http://127.0.0.1:8437/?ticket=")


def test_the_second_start_is_ready_with_jupyterlab(course):
    """Nothing is installed again, and the link comes within a second of JupyterLab's answer."""
    clone, _ = course
    with running(clone, *START) as process:
        answer("http://127.0.0.1:8438/api")
        said, after = lines_until(process, "Course ready: ", 30)

    assert len(said) == 1
    assert after < 1.0


def test_a_real_package_that_was_deleted_is_mended(course):
    """JupyterLab's own package is brought back before it is started."""
    clone, _ = course
    package = next(clone.glob(".venv/lib/python3*/site-packages/jupyterlab"))
    package.rename(clone / "gone")
    with running(clone, *START) as process:
        said, _ = lines_until(process, "Course ready: ", WITHIN)

    assert said[0] == "Something was deleted from .venv: mending it."
    assert (package / "labapp.py").is_file()


def test_plain_mkdocs_builds_strictly(course):
    """`mkdocs build --strict` on a clean clone writes the lesson pages."""
    clone, _ = course
    done = subprocess.run(
        [clone / ".venv/bin/mkdocs", "build", "--strict", "--site-dir", clone / "plain"],
        cwd=clone, env=environment(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    lessons = {file.stem for file in (clone / "notebooks").glob("*.ipynb")}
    assert lessons <= {page.parent.name for page in (clone / "plain/lessons").glob("*/index.html")}


def test_plain_mkdocs_serves(course):
    """`mkdocs serve` shows the lesson pages."""
    clone, _ = course
    with running(clone, clone / ".venv/bin/mkdocs", "serve", "-a", "127.0.0.1:8439"):
        page = answer("http://127.0.0.1:8439/lessons/06_liveness/")

    assert "<h1" in page


def test_plain_jupyterlab_starts(course):
    """`jupyter lab` in the clone answers."""
    clone, _ = course
    command = ["lab", "--no-browser", "--allow-root", "--ServerApp.port=8440"]
    with running(clone, clone / ".venv/bin/jupyter", *command, "--ServerApp.port_retries=0"):
        assert "version" in answer("http://127.0.0.1:8440/api")


def test_labs_can_be_imported_from_anywhere(course, tmp_path):
    """The environment's interpreter finds `labs` in a folder that has nothing to do with it."""
    clone, _ = course
    code = "import labs; print(labs.__file__)"
    done = subprocess.run(
        [clone / ".venv/bin/python", "-c", code], cwd=tmp_path, env=environment(),
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.startswith(str(clone))
