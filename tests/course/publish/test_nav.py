"""The order of pages: as written, with what a folder holds besides."""

from pathlib import Path

import yaml

from course.publish import nav, notebook

ROOT = Path(__file__).resolve().parents[3]


class Loader(yaml.SafeLoader):
    """Reads `!ENV [NAME, default]` as its list."""


Loader.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node))


def test_a_star_stands_for_what_is_named_nowhere():
    """In the order given; a page that the list names elsewhere keeps its place there."""
    pages = ["a/index.md", "a/one.md", "a/two.md", "a/b/deep.md", "c.md"]
    listed = [{"A": ["a/index.md", {"Two": "a/two.md"}, "a/*"]}, "c.md"]
    found = [{"A": ["a/index.md", {"Two": "a/two.md"}, "a/one.md"]}, "c.md"]
    assert nav.expanded(listed, pages) == found


def test_lessons_come_in_the_order_of_the_course():
    """The tabs are written down; the lessons are those that have a notebook."""
    written = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader)["nav"]
    tabs = nav.expanded(written, nav.pages(ROOT))
    assert [next(iter(tab)) for tab in tabs][:5] == [
        "Home", "Lessons", "Practice", "Studio", "Reference",
    ]  # fmt: skip
    lessons = next(tab["Lessons"] for tab in tabs if "Lessons" in tab)
    made = [f"lessons/{path.stem}.md" for path in notebook.files(ROOT / "notebooks")]
    assert lessons == ["lessons/index.md", "paths.md", *made]


def test_no_page_is_left_out():
    """What no list names would be found by the search alone."""
    written = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader)["nav"]
    everything = nav.pages(ROOT)
    assert sorted(nav._named(nav.expanded(written, everything))) == sorted(everything)
