"""The studio's pages and what their scripts fetch."""

import json
import re
from pathlib import Path

import pytest

from course.publish import notebook, studio
from course.publish.outputs import blocks
from labs.lessons import lesson
from labs.studio.prompts import prompts

ROOT = Path(__file__).resolve().parents[3]
PATHS = notebook.files(ROOT / "notebooks")


def made(paths):
    """Everything the studio publishes when the site has these lessons, by its file's name."""
    lessons = {path: lesson(path.stem, path.parent) for path in paths}
    texts = studio.files(ROOT, lessons, {path: notebook.read(path) for path in paths})
    return {path.name: text for path, text in texts.items()}


@pytest.fixture(scope="module")
def whole():
    """With all lessons there are."""
    return made(PATHS)


def test_every_prompt_has_a_page_and_a_record(whole):
    """One of each, and the list leads to them."""
    for about in prompts():
        assert f'href="{about.id}/"' in whole["prompts.html"]
        assert json.loads(whole[f"{about.id}.json"])["id"] == about.id
        assert about.content["brief"] in whole[f"{about.id}.md"]


def test_a_frame_stands_for_each_prompt():
    """`site/studio/` includes what is made."""
    for about in prompts():
        frame = (ROOT / "site" / "studio" / f"{about.id}.md").read_text("utf-8")
        assert f'--8<-- "studio/{about.id}.md"' in frame
        assert frame.startswith(f"---\ntitle: {about.title}\n")


def test_what_gives_something_away_is_folded(whole):
    """Neither an answer to a question nor a point nor the model answer is in sight."""
    for about in prompts():
        page = whole[f"{about.id}.md"]
        seen = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        assert about.content["answer"].splitlines()[0] not in seen
        assert not [point.says for point in about.points if point.says in seen]
        assert not [each["says"] for each in about.content["asks"] if each["says"] in seen]
        assert not [change.says for change in about.changes if change.says in seen]


def test_follow_ups_lead_to_panels_that_are_there(whole):
    """`#run=CELL` names a cell with knobs, and the text twin of the link is the same."""
    for about in prompts():
        record = json.loads(whole[f"{about.id}.json"])
        turns = [each["turn"] for each in record["follow_ups"] if each["turn"]]
        assert turns, about.id
        for turn in turns:
            found = re.fullmatch(r"lessons/(\w+)/#run=(\d+)&.+", turn)
            cells = notebook.read(ROOT / "notebooks" / f"{found[1]}.ipynb").cells
            assert "knobs(" in cells[int(found[2]) - 1].source


def test_the_questions_of_all_lessons_are_asked(whole):
    """Three a lesson, each with an anchor, its points and the way to the lesson."""
    record = json.loads(whole["questions.json"])
    asked = [each for each in PATHS if lesson(each.stem).content.get("interview")]
    assert len(record["questions"]) == 3 * len(asked)
    for each in record["questions"]:
        assert f'<li id="{each["id"]}">' in whole["questions.md"]
        assert each["lesson"]["address"].startswith("lessons/")
        assert each["asked"]["points"]


def test_a_lesson_s_questions_lead_to_the_desk(whole):
    """Below them, one link each, to an anchor that is there."""
    for path in PATHS:
        asked = [c for c in notebook.read(path).cells if "interview" in notebook.tags(c)]
        text = "".join(text for c in asked for text in blocks(c.outputs, 1, frozenset()))
        links = re.findall(r"studio/questions/#([\w-]+)", text)
        assert len(links) == 3 * len(asked)
        assert all(f'<li id="{each}">' in whole["questions.md"] for each in links)


def test_a_lesson_that_is_not_there_is_not_linked():
    """The site works when it holds no lesson: no link, no question, the same prompts."""
    alone = made([])
    for about in prompts():
        assert "../lessons/" not in alone[f"{about.id}.md"]
        assert "lessons/" not in alone[f"{about.id}.json"]
    assert json.loads(alone["questions.json"])["questions"] == []


def test_two_builds_one_text(whole):
    """Deterministic."""
    assert made(PATHS) == whole
