"""Ways through the course."""

import re
from pathlib import Path

import pytest

from course.publish import notebook, ways
from labs.lessons import Lesson, lesson

ROOT = Path(__file__).resolve().parents[3]
LESSONS = [lesson(path.stem, path.parent) for path in notebook.files(ROOT / "notebooks")]


def of(number, core, whole):
    """A lesson of so many minutes."""
    about = {"id": number, "title": number, "core_minutes": core, "minutes": whole}
    return Lesson(f"{int(number[1:]):02d}_lesson", {"lesson": about})


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(45, "45 min"), (60, "1 h"), (95, "1 h 35 min"), (299, "4 h 59 min"), (770, "about 13 hours")],
)
def test_minutes_are_spoken(minutes, says):
    """Long times to the half hour."""
    assert ways.spoken(minutes) == says


def test_two_evenings_are_core_paths_and_a_design():
    """The sum is that of the core paths, with what ends each evening."""
    page = ways.page([of("m1", 30, 75), of("m11", 25, 80)])
    assert "4 h" not in page.split("## Shipping")[0]
    assert "2 h 20 min in all." in page
    assert "### The first evening: a client and a server · 1 h 5 min" in page


def test_who_ships_takes_one_leg():
    """The card says the shortest and the longest."""
    cards = ways.cards([of("m1", 30, 75), of("m11", 25, 80), of("m12", 30, 100)])
    assert "1 h 15 min to 3 h" in cards


def test_a_lesson_to_come_is_left_out_and_so_is_a_leg_without_one():
    """Nothing is promised that is not there."""
    page = ways.page([of("m1", 30, 75)])
    assert "You send webhooks" not in page
    assert page.count("[M1 · m1]") == 3


def test_the_whole_course_is_every_lesson_in_order():
    """Each once."""
    whole = ways.page(LESSONS).split("{ #whole }")[1]
    assert re.findall(r"\(lessons/(\w+)\.md\)", whole) == [each.name for each in LESSONS]


def test_each_card_leads_to_its_way():
    """The anchors are there."""
    page = ways.page(LESSONS)
    for anchor in re.findall(r'href="paths/#([\w-]+)"', ways.cards(LESSONS)):
        assert f"{{ #{anchor} }}" in page
