"""A notebook becomes a page: deterministic, nothing given away, every id once."""

import html
import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from course.publish.outputs import block, embedded, picture, printed, unique
from course.publish.pages import body_of, folded_deep, lasting, page
from course.publish.runtime.build import Runtime

SVG = '<svg aria-labelledby="t d"><title id="t">T</title><desc id=\'d\'>D</desc><path id="arrow"/>'
SVG += '<use href="#arrow"/><path marker-end="url(#arrow)" data-x="arrow"/></svg>'


def numbered(*cells):
    """Cells with their numbers."""
    return list(enumerate(cells, 1))


def test_a_page_is_the_same_each_time(ran):
    """Two builds, one text."""
    known = ["90_sample"]
    assert page(ran.stored, ran.lesson, known) == page(ran.fresh, ran.lesson, known)


def test_every_word_of_the_prose_is_on_the_page(ran):
    """The notebook is the only source of the prose, and none of it is lost."""
    text = page(ran.stored, ran.lesson, ["90_sample"])
    for cell in ran.stored.cells[1:]:
        if cell.cell_type == "markdown" and "](" not in cell.source:
            for line in cell.source.splitlines():
                assert line in text


def test_the_head_says_both_times_and_the_door(ran):
    """Minutes of the core path and of the whole, and the way into JupyterLab."""
    text = page(ran.stored, ran.lesson, ["90_sample", "04_handshake"])
    assert "**10 min** core path · **20 min** whole · needs [M4](04_handshake.md)" in text
    assert 'href="/open/lab/90_sample.ipynb"' in text
    assert ran.lesson.head not in text


def test_a_lesson_that_is_not_there_is_named_and_not_linked(ran):
    """The site works when it holds only some lessons."""
    text = page(ran.stored, ran.lesson, ["90_sample"])
    assert "needs M4" in text
    assert "04_handshake" not in text


def test_a_reveal_folds_its_output_and_the_reading_below_it(ran):
    """Nothing that answers a prediction is in sight before the fold is opened."""
    text = page(ran.stored, ran.lesson, ["90_sample"])
    before, _, after = text.partition('<details class="hls-reveal"')
    assert "raised 0" not in before
    fold = after.split("\n</details>\n")[0]
    assert "Follow #2" in fold
    assert "<svg" in fold


def test_a_heading_below_a_reveal_is_not_folded_with_it():
    """What begins anew in the cell that reads a picture stands outside the fold."""
    reveal = new_code_cell("cut", metadata={"tags": ["reveal", "core"]})
    read = new_markdown_cell("Follow #7.\n\n### A new claim\n\nWords.")
    read.metadata["tags"] = ["read", "core"]
    _, fold, after = body_of(numbered(reveal, read), frozenset())
    assert "Follow #7." in fold
    assert "new claim" not in fold
    assert after == "### A new claim\n\nWords."


def test_a_deep_part_keeps_its_heading_in_sight():
    """The claim can be read, and linked to, while the rest is folded."""
    first, second = folded_deep(["### TCP is slow\n\nThe reason.", "```python\n1\n```"])
    assert first == "### TCP is slow"
    assert second.startswith('<details class="hls-deep" markdown="1"><summary>Deeper: 1 min')
    assert "The reason." in second


def test_code_that_only_places_content_is_not_shown(ran):
    """`here.quiz()` is noise above a quiz."""
    text = page(ran.stored, ran.lesson, ["90_sample"])
    assert re.search(
        r'<div class="hls-cell" data-cell="15" data-id="\w{8}" data-runs="tab" hidden', text
    )
    assert "here.quiz()" not in re.sub(r'data-source="[^"]*"', "", text)
    assert "def tunnel(bids)" in text


def test_ids_of_a_picture_are_its_own():
    """Two pictures on one page share no id, and references follow."""
    mine = unique(SVG, "c3o1")
    assert re.findall(r"""\bid=["']([^"']+)""", mine) == ["c3o1-t", "c3o1-d", "c3o1-arrow"]
    assert 'aria-labelledby="c3o1-t c3o1-d"' in mine
    assert 'href="#c3o1-arrow"' in mine
    assert "url(#c3o1-arrow)" in mine
    assert 'data-x="arrow"' in mine


def test_a_picture_has_its_text_beside_it():
    """The twin is on the page, escaped, for whoever cannot see the picture."""
    shown = picture(SVG, "a --> b", "c1o1")
    assert "Read this diagram as text" in shown
    assert "a --&gt; b" in shown


def test_text_is_escaped():
    """What a run prints is never markup."""
    assert "&lt;script&gt;" in printed("<script>")


def test_json_cannot_end_its_attribute():
    """Quotes and tags in a record stay inside, and it parses back as it was."""
    record = {"a": "</div><b>", "b": 'it\'s "&amp;"'}
    shown = embedded("run", record)
    assert shown.count("<") == 2
    assert json.loads(html.unescape(re.search(r"data-record='([^']*)'", shown)[1])) == record


PANEL = {
    "knobs": [
        {"kind": "number", "label": "interval", "default": 20, "low": 5, "high": 60, "unit": "s"},
        {"kind": "choice", "label": "policy", "default": "fixed", "options": ["fixed", "full"]},
        {"kind": "switch", "label": "proxy", "default": False},
    ],
    "goals": ["told within 15 s"],
    "figures": [["bytes", "69,120"]],
}


def test_a_panel_says_where_its_knobs_stand():
    """The site's reader sees the knobs, the figures and the goals of the first run."""
    bundle = {"text/plain": "twin", "application/vnd.hook-line-socket.panel+json": PANEL}
    shown = block({**bundle, "image/svg+xml": SVG}, "c1o1", frozenset())
    for row in ("| interval | 20 s | 5 to 60 s |", r"| policy | fixed | fixed \| full |"):
        assert row in shown
    assert r"| proxy | off | on \| off |" in shown
    assert "bytes: **69,120**" in shown
    assert "- told within 15 s" in shown


def test_a_reveal_says_what_the_run_says():
    """A stored notebook knows no prediction, so the page does not speak of one."""
    record = {"reveals": "k", "actual": [0], "says": "No prediction was made; the run says 0 sends"}
    bundle = {"text/plain": "x", "application/vnd.hook-line-socket.prediction+json": record}
    assert ">The run says 0 sends.<" in block(bundle, "c1o1", frozenset())


@pytest.mark.parametrize("kind", ["stdout", "stderr"])
def test_what_is_printed_stands_under_its_cell(kind):
    """Streams are shown as text."""
    cell = new_code_cell("1", outputs=[new_output("stream", name=kind, text="a\n\nb\n")])
    shown = list(body_of(numbered(cell, new_markdown_cell("after")), frozenset()))
    assert '<div class="hls-out"><pre tabindex="0">a\n\nb</pre></div>' in shown[1]
    assert shown[1].startswith('<div class="hls-outputs" data-of="1" markdown="1">')
    assert shown[2] == "after"


@pytest.mark.parametrize(
    ("tag", "runs"), [("lab", "tab"), ("real", "recorded"), ("live", "recorded")]
)
def test_a_cell_says_where_it_runs(tag, runs):
    """A script finds each cell by its number; what needs real sockets shows its recorded run."""
    cell = new_code_cell("x = 1", metadata={"tags": [tag, "core"]})
    (shown,) = body_of(numbered(cell), frozenset())
    about = f'data-cell="1" data-id="{lasting(cell)}" data-runs="{runs}"'
    assert shown.startswith(f'<div class="hls-cell" {about} markdown="1">')
    assert "```python\nx = 1\n```" in shown


def test_a_cell_keeps_its_name_where_it_is_moved():
    """Links go by it; another code is another name."""
    first, second = new_code_cell("x = 1"), new_code_cell("x = 2")
    moved = "".join(body_of(numbered(second, first), frozenset()))
    assert f'data-cell="2" data-id="{lasting(first)}"' in moved
    assert lasting(first) != lasting(second)


def test_a_page_says_which_python_its_cells_run_on(ran):
    """Folder and size of the runtime; without one there is nothing for a script to find."""
    runtime = Runtime("abc", 8_000_000, ())
    mark = 'class="hls-runtime" data-lesson="90_sample" data-folder="abc" data-transfer="8000000"'
    assert mark in page(ran.stored, ran.lesson, [], runtime)
    assert "hls-runtime" not in page(ran.stored, ran.lesson, [])
