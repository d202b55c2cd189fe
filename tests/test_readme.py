"""README and CONTRIBUTING: what they say is so."""

import re

import pytest

from course.doors import DOORS

PLACE = re.compile(r"`([\w./-]+)`")
KEPT_OUT_OF_GIT = {".venv/", "work/", "build/", ".course/", "site/lessons/"}


def read(project, name):
    """A text at the top of the project."""
    return (project / name).read_text()


def places(project):
    """The left column of the map."""
    table = read(project, "CONTRIBUTING.md").split("## The doors")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return [place for row in rows for place in PLACE.findall(row.split("|")[1])]


def test_every_place_on_the_map_exists(project):
    """What the map names stands in the tree."""
    named = places(project)

    assert len(named) > 20
    assert [place for place in named if not (project / place).exists()] == []


def test_every_room_is_on_the_map(project):
    """Each room of `labs` and `course`, and each file of `labs`, is named by the map."""
    there = {
        path.relative_to(project).as_posix() + ("/" if path.is_dir() else "")
        for house in ("labs", "course")
        for path in (project / house).iterdir()
        if path.name not in ("__pycache__", "__init__.py", "py.typed")
        and (path.is_dir() or house == "labs")
    }

    assert there - set(places(project)) == set()


def test_what_is_made_is_kept_out_of_git(project):
    """Each folder that the text calls made is in .gitignore."""
    ignored = {line.strip("/") for line in read(project, ".gitignore").splitlines()}

    assert {place.strip("/") for place in KEPT_OUT_OF_GIT} <= ignored


@pytest.mark.parametrize("text", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_to_a_file(project, text):
    """Relative links and pictures are there."""
    links = re.findall(r"\]\(([^)#]+)\)", read(project, text))
    local = [link for link in links if "://" not in link]

    assert [link for link in local if not (project / link).exists()] == []


def test_every_door_is_told(project):
    """CONTRIBUTING has a line for each door, README names the two commands."""
    contributing = read(project, "CONTRIBUTING.md")

    assert [d.name for d in DOORS if f"| `python3 -m course {d.name}" not in contributing] == []
    for command in ("start", "test"):
        assert f"\npython3 -m course {command} " in read(project, "README.md")


def test_the_picture_is_the_run_of_the_home_page(project):
    """README shows what the hero's run draws today."""
    from course.publish import hero

    drawn = hero.outcome().diagram.svg().strip()

    assert drawn == (project / "site" / "assets" / "wire-view.svg").read_text().strip()
