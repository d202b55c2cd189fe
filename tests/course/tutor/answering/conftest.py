"""The index of this checkout, opened once for all tests of the answering."""

from pathlib import Path

import pytest

from course.publish import calibrate, passages
from course.tutor.answering import Index

DEVSET = Path(__file__).with_name("devset.yaml")


@pytest.fixture(scope="session")
def content(project):
    """What the site publishes as tutor/passages.json."""
    return passages.of_site(project)


@pytest.fixture(scope="session")
def index(content):
    """The tutor's knowledge."""
    return Index.open(content)


@pytest.fixture(scope="session")
def asked():
    """The questions of the dev set."""
    return calibrate.rows(DEVSET.read_text("utf-8"))
