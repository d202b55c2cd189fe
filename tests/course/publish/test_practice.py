"""What the practice pages are made of."""

import os
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from course.publish.cards import cards
from course.publish.practice import changed, files, listed, rows
from labs.lessons import lesson

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def about():
    """The sample lesson."""
    return lesson("90_sample", SAMPLE)


def test_every_form_of_the_cards_is_made(about, tmp_path):
    """One file for the page, two to take along, and two parts of pages."""
    made = files(tmp_path, [about], {})
    assert sorted(path.name for path in made) == [
        "cards.csv", "cards.json", "cards.md", "hook-line-socket.apkg", "progress.html",
    ]  # fmt: skip


def test_each_card_can_be_read_without_scripts(about):
    """Its front is in sight, its back and its source are folded; questions stay in the lesson."""
    text = listed(cards([about]))
    assert text.count('<details class="hls-answer"') == 8
    assert (
        "What does `send()` promise?</summary>\n\nThe kernel took a copy.\n\n*POSIX send*" in text
    )
    assert "Of 50 sends after a cut" not in text


def test_a_row_says_what_there_is_to_do(about):
    """Exercises, questions and cards in numbers, and the ids by which a script knows them."""
    row = rows([about], {"90_sample": ["m90.one", "m90.two"]})
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row))).strip()
    assert words == (
        "M90 Who heard the last bid? Exercises 2 exercises Quiz 5 questions Cards 8 cards"
    )
    assert 'data-exercises="m90.one m90.two"' in row
    assert '"m90: Of 50 sends after a cut, how many raise?"' in unescape(row)


def test_a_part_that_is_not_there_is_not_mentioned(about):
    """A lesson without exercises promises none."""
    assert "Exercises" not in rows([about], {})


def test_cards_are_as_old_as_their_last_commit(tmp_path, monkeypatch):
    """So that a later build replaces in Anki what changed, and the same build the same bytes."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "90_sample.yaml").write_text("a: 1\n")
    os.utime(tmp_path / "90_sample.yaml", (1_000_000, 1_000_000))
    assert changed(tmp_path) == 1_000_000
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    when = {**os.environ, "GIT_COMMITTER_DATE": "@2000000 +0000"}
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "cards"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=when, check=True)
    assert changed(tmp_path) == 2_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "3000000")
    assert changed(tmp_path) == 3_000_000
