"""The glossary: enough words, short sentences, each with its section and a place in a lesson."""

import pytest

pytest.importorskip("nbformat", reason="lessons are read with nbformat")

import nbformat

from course.publish.links import headings, slug
from labs.glossary import TERMS, read
from labs.lessons import NOTEBOOKS

TEXT = 'term = "{}"\nsays = "x"\nsection = "y"\nlesson = "m1"\nanchor = ""\n'


def anchors():
    """The headings of each lesson, by its id."""
    found = {}
    for path in NOTEBOOKS.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        found[f"m{int(path.stem[:2])}"] = {slug(text) for _, _, text in headings(notebook)}
    return found


ANCHORS = anchors()


def test_it_is_a_glossary_and_not_a_dictionary():
    """Between thirty and fifty words, in alphabetical order."""
    assert 30 <= len(TERMS) <= 50
    assert list(TERMS) == sorted(TERMS)


@pytest.mark.parametrize("term", TERMS.values(), ids=list(TERMS))
def test_each_word_has_its_section_and_its_lesson(term):
    """At most 45 words say it; the lesson's heading exists where the lesson does."""
    assert len(term.says.split()) <= 45
    assert term.section
    assert term.lesson in {f"m{number}" for number in range(17)}
    if term.anchor or term.lesson in ANCHORS:
        assert term.anchor in ANCHORS[term.lesson]


def test_terms_are_sorted_and_named():
    """Whatever the order in the file; the id is the word as part of an address."""
    both = (
        "[[terms]]\n" + TEXT.format("Last-Event-ID") + "[[terms]]\n" + TEXT.format("At least once")
    )
    assert list(read(both)) == ["at-least-once", "last-event-id"]
