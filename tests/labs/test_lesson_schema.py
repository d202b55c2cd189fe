"""What a lesson's YAML may hold, and the sentence for everything else."""

from pathlib import Path

import pytest

from labs.lesson_schema import LessonError, read

SAMPLE = Path(__file__).parents[1] / "course" / "publish" / "sample" / "90_sample.yaml"
SMALL = "lesson: {id: m1, title: 'Who asks', core_minutes: 20, minutes: 40}\nclaims: []\n"


def refused(text: str) -> str:
    """The sentence with which the text is refused."""
    with pytest.raises(LessonError) as caught:
        read(text, "01_polling.yaml")
    return str(caught.value)


def test_the_sample_has_every_section_for_the_page():
    """A file that follows the table is read as it stands."""
    content = read(SAMPLE.read_text(encoding="utf-8"), SAMPLE.name)
    assert content["lesson"]["id"] == "m90"
    assert {"test_out", "quiz", "cards", "interview", "monday", "symptoms", "questions"} <= set(
        content
    )


def test_a_lesson_needs_only_its_own_facts_and_claims():
    """The tour has no quiz; its file may leave the sections out."""
    assert read(SMALL, "00_ten_minutes.yaml")["claims"] == []


WRONG = {
    "a key nobody knows": (SMALL + "quizz: []\n", "quizz is not a known key"),
    "a missing key": ("lesson: {id: m, title: A, minutes: 4}\nclaims: []\n", "minutes is missing"),
    "a number for text": (SMALL.replace("'Who asks'", "1.0"), "title must be text, not 1.0"),
    "minutes in words": (SMALL.replace("20", "twenty"), "core_minutes must be a whole"),
    "zero minutes": (SMALL.replace("20", "0"), "lesson.core_minutes must be a whole number above"),
    "an empty title": (SMALL.replace("Who asks", ""), "lesson.title is empty"),
    "a list for a mapping": ("- a\n", "the file must be a mapping"),
    "a mapping for a list": (SMALL.replace("[]", "{}"), "claims must be a list"),
    "too few questions": (SMALL + "quiz: []\n", "quiz has 0 entries; 5 to 5 are allowed"),
    "a claim on nothing": (SMALL.replace("[]", "[{says: x}]"), "either `is` or `source`"),
    "not YAML": ("lesson: {id: [\n", "is not YAML at line"),
    "a key twice": (SMALL + "claims: []\n", "the key 'claims' (line 3) is given twice"),
    "nothing at all": ("", "the file must be a mapping"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_sentence_with_file_and_key(text, says):
    """An author reads where to look, and never a traceback."""
    sentence = refused(text)
    assert sentence.startswith("01_polling.yaml")
    assert says in sentence
    assert "\n" not in sentence


def test_a_choice_needs_its_reason():
    """A wrong choice without a reason teaches nothing."""
    reason = ", why: Only a reset would make them raise."
    text = SAMPLE.read_text(encoding="utf-8").replace(reason, "")
    assert "quiz[1].choices[2].why is missing" in refused(text)


@pytest.mark.parametrize("rights", [0, 2])
def test_one_choice_is_right(rights):
    """Neither none nor two of a question's choices may be right."""
    choice = "{text: a, why: b%s}"
    listed = [choice % (", right: true" if n < rights else "") for n in range(2)]
    item = f"{{ask: Who, choices: [{', '.join(listed)}]}}"
    text = SMALL + f"test_out: [{item}, {item}, {item}]\n"
    assert f"test_out[1] needs one choice with `right: true`, it has {rights}" in refused(text)


def test_an_answer_for_the_tutor_has_forty_to_ninety_words():
    """Shorter says too little, longer is not read."""
    text = SAMPLE.read_text(encoding="utf-8")
    long = text.replace("A connection of which one side", "word " * 60 + "one side")
    assert "questions[1].answer has" in refused(long)


def test_a_card_has_at_most_forty_words():
    """The back of a card is read at a glance."""
    text = SAMPLE.read_text(encoding="utf-8").replace("The kernel took a copy.", "word " * 41)
    assert "cards[1].back has 41 words; 1 to 40 are allowed" in refused(text)


def test_a_date_is_text():
    """YAML makes dates of 2026-11-23; a claim keeps what was written."""
    text = SMALL.replace("[]", "[{says: x, source: {page: RFC, checked: 2026-11-23}}]")
    assert read(text, "f.yaml")["claims"][0]["source"]["checked"] == "2026-11-23"
