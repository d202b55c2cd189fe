"""What the tutor may quote: everything has an address, and nothing gives an exercise away."""

import re
from pathlib import Path

import pytest
import yaml

from course.publish import authored, notebook
from course.publish.links import headings, slug
from course.publish.plain import paragraphs, sections, sentences
from course.publish.support import bears_out
from labs.lessons import lesson

ROOT = Path(__file__).resolve().parents[4]
EXERCISES = ROOT / "labs" / "exercises"
HIDDEN = [p for p in EXERCISES.glob("*/*") if p.name in ("right", "wrong", "grader.py", "seen.py")]
LESSONS = [lesson(path.stem, path.parent) for path in notebook.files(ROOT / "notebooks")]


def said(content):
    """Everything that an answer may be made of."""
    told = [s["text"] for pair in content["pairs"] for s in pair["sentences"]]
    return "\n".join([*(each["text"] for each in content["passages"]), *told])


def squeezed(text):
    """The text without blanks, so that layout hides nothing."""
    return re.sub(r"\s+", "", text)


def test_no_line_of_a_solution_or_a_grader_is_in_it(content):
    """Lines of 30 characters and more of right and wrong solutions and graders are not quoted."""
    whole = squeezed(said(content))
    files = [f for p in HIDDEN for f in (p.rglob("*.py") if p.is_dir() else [p])]
    lines = {squeezed(line) for f in files for line in f.read_text("utf-8").splitlines()}
    code = {line for line in lines if len(line) >= 30 and not line.startswith(("#", '"""', "from"))}

    assert len(files) > 100
    assert len(code) > 1000
    assert [line for line in code if line in whole] == []


def test_no_hint_of_the_ladder_is_in_it(content):
    """Hints are given by the ladder alone, but for a sentence that the lesson itself says."""
    whole = squeezed(said(content))
    read = [yaml.safe_load(path.read_text("utf-8")) for path in EXERCISES.glob("*/exercise.yaml")]
    hints = [hint for each in read for hint in each["hints"].values()]
    hints += [bug["hint"] for each in read for bug in each["bugs"].values()]

    public = squeezed(" ".join(q["answer"] for a in LESSONS for q in a.content["questions"]))

    assert len(hints) > 100
    assert [h for h in hints if squeezed(h) in whole and squeezed(h) not in public] == []


def test_no_answer_of_a_quiz_is_in_it(content):
    """Neither a question of a quiz nor the reason of its right choice is quoted."""
    whole = squeezed(said(content))
    items = [
        q for about in LESSONS for part in ("quiz", "test_out") for q in about.content.get(part, ())
    ]
    given = [q["ask"] for q in items] + [
        c["why"] for q in items for c in q["choices"] if c.get("right")
    ]

    assert len(given) > 80
    assert [each for each in given if squeezed(each) in whole] == []


def test_each_passage_has_an_address_and_a_size(content):
    """Ids are unique, addresses are paths of the site, and no passage is a page."""
    passages = content["passages"]

    assert len({each["id"] for each in passages}) == len(passages) > 500
    assert all(re.fullmatch(r"/(lessons|reference)/[\w-]+/(#[\w-]+)?", e["url"]) for e in passages)
    assert sorted(len(each["text"]) for each in passages)[int(0.99 * len(passages))] <= 1_700


def test_every_lesson_and_every_page_of_the_reference_is_there(content):
    """Each lesson has passages, and so have the pages that answer questions."""
    pages = {each["url"].split("#")[0] for each in content["passages"]}

    assert {f"/lessons/{about.name}/" for about in LESSONS} <= pages
    for name in ("myths", "glossary", "close-codes", "timers", "raw-body", "senders", "choosing"):
        assert f"/reference/{name}/" in pages


def test_there_are_150_pairs_and_each_sentence_is_borne_out(content):
    """Each sentence of an answer stands in the passage that it cites, or nearly in its words."""
    passages = content["passages"]

    assert len(content["pairs"]) >= 150
    for pair in content["pairs"]:
        for each in pair["sentences"]:
            text = passages[each["passage"]]["text"]
            assert each["text"] in text or bears_out(text, each["text"]), each["text"]


@pytest.mark.parametrize("part", authored.subjects(), ids=lambda part: part.title)
def test_an_authored_answer_is_short_has_a_source_and_leads_on(part, content):
    """40 to 95 words, variants, a source, and a next question that is answered too."""
    asks = {pair["ask"] for pair in content["pairs"]}
    read = {
        about.id: notebook.read(ROOT / "notebooks" / f"{about.name}.ipynb") for about in LESSONS
    }
    anchors = {f"{n}#{slug(text)}" for n, cells in read.items() for _, _, text in headings(cells)}

    for each in part.questions:
        assert 40 <= len(each.answer.split()) <= 95, each.ask
        assert len(each.variants) >= 3, each.ask
        assert each.source, each.ask
        assert each.next in asks, each.ask
        assert not each.lesson or each.lesson in anchors, each.lesson


def test_sections_keep_the_anchors_of_the_page():
    """A heading's own id wins, else its slug; a paragraph may have a name of its own."""
    text = (
        "# Page\n\nlead\n\n## One thing { #one }\n\nfirst\n\n"
        "### It's *two*\n\nbelieved\n\nso\n{: #so }\n"
    )

    found = [(each.title, each.anchor) for each in sections(text)]

    assert found == [("Page", ""), ("One thing", "one"), ("believed", "so")]


def test_tables_are_read_row_by_row_and_pictures_not_at_all():
    """A cell comes with the name of its column; SVG, scripts and fences leave nothing."""
    table = "| code | meaning |\n|---|---|\n| `1006` | [gone](x.md) |\n"

    assert list(paragraphs(table)) == ["code: `1006`; meaning: gone."]
    assert list(paragraphs("<svg><text>no</text></svg>")) == []


def test_sentences_end_where_they_end():
    """Numbers, names with dots and abbreviations do not end a sentence."""
    text = 'It takes 2.28 s. Socket.IO pings, e.g. Often. "Quoted." Then more.'

    assert list(sentences(text)) == [
        "It takes 2.28 s.", "Socket.IO pings, e.g. Often.", '"Quoted."', "Then more.",
    ]  # fmt: skip
