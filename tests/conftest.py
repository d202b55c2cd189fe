"""What every test may use: a copy of the project, Chromium, and property tests that repeat."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# `lessons` is site/lessons, which is made.
NOT_COPIED = (
    ".git", ".venv", ".course", "work", "build", "lessons", "*.egg-info", "__pycache__", ".*_cache",
    ".hypothesis", ".ipynb_checkpoints",
)  # fmt: skip

# The same examples each time: a red test means that something changed. `explore` looks for more.
settings.register_profile("same", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))



def database_of(worker: str, url: str) -> str:
    """The URL of the worker's database beside the one named, made where it is not there."""
    import psycopg

    name = f"{url.rpartition('/')[2]}_{worker}"
    with psycopg.connect(url, autocommit=True) as db:
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            db.execute(f'CREATE DATABASE "{name}"')
    return f"{url.rpartition('/')[0]}/{name}"


# A shell that runs us in the background has SIGINT ignored, and every child would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests that drop their tables share no database: each worker of `-n 2` has one of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NAMED = os.environ.get("DATABASE_URL", "").startswith("postgres") and find_spec("psycopg")
if WORKER and NAMED:
    os.environ["DATABASE_URL"] = database_of(WORKER, os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def copy_of_project() -> Callable[[Path], Path]:
    """Puts the project, as a clean clone would have it, into the folder given."""

    def copied(target: Path) -> Path:
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
        return target

    return copied


@pytest.fixture
def clone(tmp_path: Path, copy_of_project: Callable[[Path], Path]) -> Path:
    """The project as a clean clone would have it, in a folder of the test's own."""
    return copy_of_project(tmp_path / "clone")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of this machine's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("no chromium on PATH (Debian: apt install chromium)")


@pytest.fixture
def browser(chromium: str) -> Iterator[object]:
    """A Playwright browser; `browser.new_page()` starts with a fresh profile.

    For one test only: while Playwright is up its event loop runs in this thread, and whatever
    calls `asyncio.run` there would fail.
    """
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield launched
        launched.close()
