"""The cards of all lessons: known by name, for the page, for a spreadsheet, for Anki."""

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from course.publish.anki import html, package
from course.publish.cards import as_csv, as_json, cards
from labs.lesson_schema import LessonError
from labs.lessons import Lesson, lesson

SAMPLE = Path(__file__).parent / "sample"
WHEN = 1_795_000_000


@pytest.fixture
def about():
    """The sample lesson, for a test to change."""
    return lesson("90_sample", SAMPLE)


def opened(apkg, question):
    """What the collection in a package answers."""
    with zipfile.ZipFile(io.BytesIO(apkg)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def with_cards(about, *fronts):
    """The lesson with cards of these fronts, and no questions."""
    made = [{"front": front, "back": "b", "source": "s"} for front in fronts]
    return Lesson(about.name, {"lesson": about.content["lesson"], "cards": made})


def test_a_card_is_known_by_its_lesson_and_its_front(about):
    """What somebody learnt of it is found again after the cards were put in another order."""
    forwards, backwards = cards([with_cards(about, "A", "B")]), cards([with_cards(about, "B", "A")])
    assert [card.id for card in forwards] == ["m90: A", "m90: B"]
    assert set(forwards) == set(backwards)


def test_a_question_is_a_card_that_waits(about):
    """Its choices go along, the right one with its reason; what is a card already is none twice."""
    asked = [card for card in cards([about]) if card.asked]
    assert len(asked) == 7
    assert asked[0].choices == ("A. Like a healthy idle one.", "B. Like a closed one.")
    assert asked[0].back == "A. Like a healthy idle one.: Both are silent."


def test_a_question_that_names_a_card_is_none_itself(about):
    """The named card is asked instead, so it must be there."""
    about.content["quiz"][0]["card"] = "Ping"
    assert len([card for card in cards([about]) if card.asked]) == 6
    about.content["quiz"][0]["card"] = "Pling"
    with pytest.raises(LessonError, match=r"90_sample.yaml: quiz names no card: 'Pling'"):
        cards([about])


def test_two_cards_that_ask_the_same_are_refused(about):
    """Nobody could tell which of the two was learnt."""
    with pytest.raises(LessonError, match="two cards ask 'A'"):
        cards([with_cards(about, "A", "A")])


def test_the_page_reads_what_is_there_and_nothing_empty(about):
    """A card that waits for nothing carries neither mark nor choices."""
    first = json.loads(as_json(cards([about])))[0]
    assert sorted(first) == ["back", "front", "id", "lesson", "name", "source", "title"]


def test_the_csv_reads_back(about):
    """Commas, quotes and line ends survive; questions that wait are not in it."""
    odd = 'What, "really"?\nYes'
    rows = list(csv.reader(io.StringIO(as_csv(cards([with_cards(about, odd)])), newline="")))
    assert rows == [
        ["lesson", "front", "back", "source"],
        ["M90 Who heard the last bid?", odd, "b", "s"],
    ]
    assert len(as_csv(cards([about])).splitlines()) == 9


def test_a_package_is_the_same_each_time(about):
    """The same cards and the same time give the same bytes."""
    assert package(cards([about]), WHEN) == package(cards([about]), WHEN)


def test_a_package_has_a_deck_for_the_lesson_and_a_note_a_card(about):
    """Under the course's name; each note has its card and its tag."""
    apkg = package(cards([about]), WHEN)
    decks = json.loads(opened(apkg, "select decks from col")[0][0])
    assert "Hook, Line & Socket::M90 Who heard the last bid?" in {d["name"] for d in decks.values()}
    assert opened(apkg, "select count(*), min(tags), max(mod) from notes") == [(8, " m90 ", WHEN)]
    assert opened(apkg, "select count(distinct nid) from cards") == [(8,)]


def test_a_note_keeps_its_identity(about):
    """Anki finds the notes that it has, whatever came before them."""
    question = "select guid from notes where flds like 'A%'"
    assert opened(package(cards([with_cards(about, "A")]), WHEN), question) == opened(
        package(cards([with_cards(about, "New", "A")]), WHEN + 1), question
    )


def test_a_field_for_anki_is_html():
    """Code is code, and a less-than sign stays one."""
    assert html("`a < b` is **so**, *not* a*b*c & d") == (
        "<code>a &lt; b</code> is <b>so</b>, <i>not</i> a<i>b</i>c &amp; d"
    )
