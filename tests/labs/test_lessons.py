"""The parts of a lesson as they are shown: fixed text, Markdown with folds, JSON."""

import subprocess
import sys
from pathlib import Path

import pytest

from labs.lesson_schema import LessonError
from labs.lessons import MIME, lesson, unfolded

SAMPLE = Path(__file__).parents[1] / "course" / "publish" / "sample"
PARTS = ["test_out", "quiz", "interview", "monday", "cards", "symptoms", "recap"]


@pytest.fixture
def here():
    """The sample lesson."""
    return lesson("90_sample", SAMPLE)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_shows_itself_in_three_forms(here, part):
    """Text for a terminal, Markdown for JupyterLab, JSON for the site; the text holds no tag."""
    bundle = getattr(here, part)()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/markdown", MIME}
    assert bundle[MIME]["kind"] == part
    assert bundle[MIME]["lesson"] == "m90"
    assert bundle["text/plain"] == repr(getattr(here, part)())
    assert "<" not in bundle["text/plain"].replace("<code>", "").replace("</code>", "")


@pytest.mark.parametrize("part", ["test_out", "quiz"])
def test_answers_are_folded_and_the_text_does_not_give_them_away(here, part):
    """Whoever has not answered yet sees no answer."""
    shown = getattr(here, part)()
    assert "is right" in shown.markdown
    assert "is right" not in shown.plain
    before_fold = shown.markdown.split("<details>")[0]
    assert "is right" not in before_fold


def test_every_choice_has_its_reason_on_the_page(here):
    """A reason for each wrong choice too."""
    shown = here.quiz().markdown
    for item in here.content["quiz"]:
        for choice in item["choices"]:
            assert choice["why"] in shown


def test_the_markdown_in_a_fold_stands_between_blank_lines(here):
    """JupyterLab reads Markdown inside HTML only so."""
    lines = here.quiz().markdown.split("\n")
    opened = [n for n, line in enumerate(lines) if line.startswith("<details>")]
    assert len(opened) == 5
    assert all(lines[n + 1] == "" for n in opened)


def test_sources_of_claims_are_listed_in_the_recap(here):
    """What is not printed by a cell is somebody's contract, and says whose and when."""
    assert "Linux ip-sysctl, tcp_retries2 (checked 2026-11)" in here.recap().markdown


def test_the_head_says_minutes_and_needs(here):
    """The line that stands under the title."""
    assert here.head == "10 min core · 20 min whole · needs M4"


def test_a_part_that_the_file_lacks_is_a_sentence(tmp_path):
    """A lesson that shows what it does not have says so."""
    text = "lesson: {id: m0, title: T, core_minutes: 1, minutes: 2}\nclaims: []\n"
    (tmp_path / "00_tour.yaml").write_text(text)
    with pytest.raises(LessonError, match=r"00_tour\.yaml has no section `quiz`"):
        lesson("00_tour", tmp_path).quiz()


def test_the_file_beside_the_notebook_wins(tmp_path, monkeypatch):
    """A learner's copy is read before the checkout's."""
    text = "lesson: {id: m6, title: Mine, core_minutes: 1, minutes: 2}\nclaims: []\n"
    (tmp_path / "06_liveness.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert lesson("06_liveness").title == "Mine"


def test_a_lesson_that_is_nowhere_is_a_sentence(tmp_path):
    """The text names the file that was looked for."""
    with pytest.raises(LessonError, match=r"99_nothing\.yaml is neither beside"):
        lesson("99_nothing", tmp_path)


def test_a_folded_part_leaves_its_title_in_the_text():
    """The terminal's reader learns that there is more."""
    folded = "a\n<details><summary>Answer</summary>\n\nsecret\n\n</details>\nb"
    assert unfolded(folded) == "a\n[Answer: folded in JupyterLab and on the site]\nb"


def test_a_lesson_is_shown_without_jupyter():
    """`labs` works where there is no IPython."""
    code = (
        "import sys; sys.modules['IPython'] = None; from labs import lesson; "
        f"from pathlib import Path; print(lesson('90_sample', Path({str(SAMPLE)!r})).quiz())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("m90 quiz\n")
