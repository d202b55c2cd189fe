"""The sample lesson, run once for all tests of the gate."""

import shutil
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from course.publish import claims, notebook
from course.publish.ran import Ran
from labs.lessons import lesson

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def sample(tmp_path):
    """A folder of the test's own with the sample lesson in it."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "notebooks"))


@pytest.fixture(scope="session")
def ran_once():
    """The sample after a run in a fresh kernel."""
    about = lesson("90_sample", SAMPLE)
    stored = notebook.read(SAMPLE / "90_sample.ipynb")
    asked = claims.request(about.content["claims"])
    ran = notebook.run(stored, SAMPLE, asked=asked)
    return Ran(about, stored, ran.notebook, ran.printed)


@pytest.fixture
def ran(ran_once):
    """The same, for a test to spoil."""
    content = deepcopy(dict(ran_once.lesson.content))
    about = replace(ran_once.lesson, content=content)
    return Ran(about, deepcopy(ran_once.stored), deepcopy(ran_once.fresh), ran_once.judged)
