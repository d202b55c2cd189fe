"""Outputs that ask something: they read without scripts, and fold what they would give away."""

import json
import re
from html import unescape

import markdown
import pytest

from course.publish.outputs import attribute, block, fenced

PROGRAM = "def told(by):\n    return by or 'me'\n"
SPOT = {
    "text/plain": "  1  def told(by):\n\nMe.\n\nWhich line is wrong? `spot(...)`\n\n#1 told",
    "text/html": "<section>not for the page</section>",
    "image/svg+xml": "<svg><title>t</title></svg>",
    "application/vnd.hook-line-socket.spot+json": {
        "exercise": "m4.check",
        "program": PROGRAM.rstrip(),
        "says": "`told` said me < you.",
    },
}
ORDER = {
    "text/plain": "Put them in order.",
    "text/markdown": "not for the page",
    "application/vnd.hook-line-socket.prediction+json": {
        "question": "Put them in order.",
        "kind": "order",
        "options": ["close", "open"],
        "right": ["open", "close"],
        "moments": ["0 s", "9 s"],
    },
}


def test_a_program_to_spot_has_numbers_a_question_and_its_run():
    """The listing is code of the page, the words keep their code, the picture its text."""
    shown = block(SPOT, "c1o1", frozenset())
    assert f'```{{ .python linenums="1" }}\n{PROGRAM}```' in shown
    assert "<p><code>told</code> said me &lt; you.</p>" in shown
    assert "Which line is wrong, and what should stand there?" in shown
    assert re.search(r"<pre[^>]*>#1 told</pre>", shown)
    assert "not for the page" not in shown


def test_an_order_keeps_its_answer_folded():
    """The lines as they are offered, then the order with its moments behind one line."""
    shown = block(ORDER, "c1o1", frozenset())
    lines, fold = shown.split("<details", 1)
    assert lines.endswith("<ul><li>close</li><li>open</li></ul>")
    assert "<ol><li>open (0 s)</li><li>close (9 s)</li></ol>" in fold
    assert "hls-ask" not in shown
    assert "not for the page" not in shown


@pytest.mark.parametrize("row", ["```", "~~~~ python", "   ```"])
def test_a_row_of_a_text_that_looks_like_a_fence_opens_none(row):
    """A printed text and a picture's text stand as they are, and the page goes on after them."""
    text = f"#1 before\n{row}\n#2 after"
    picture = {"text/plain": text, "image/svg+xml": "<svg></svg>"}
    for bundle in ({"text/plain": text}, picture):
        shown = f"{block(bundle, 'c1o1', frozenset())}\n\n## Next\n\n```\ncode\n```"
        page = markdown.markdown(shown, extensions=["md_in_html", "pymdownx.superfences"])
        assert text in unescape(page)
        assert "<h2>Next</h2>" in page


@pytest.mark.parametrize("row", ['{"id": "evt_1", "amount": 120}', "  {: .wide }", "{#here}"])
def test_a_last_row_in_braces_is_text(row):
    """JSON at the end of what was printed stands on the page, and gives it no attributes."""
    for text in (f"POST /paid HTTP/1.1\r\n\r\n{row}\n", f"told:\n{row}"):
        shown = block({"text/plain": text}, "c1o1", frozenset())
        around = f'<div markdown="1">\n\n{shown}\n\n</div>'  # as on a lesson's page
        page = markdown.markdown(around, extensions=["attr_list", "md_in_html"])
        assert f"{row}</pre>" in unescape(page)
        assert '<pre tabindex="0">' in page


def test_code_that_holds_a_fence_is_one_block():
    """The fence around it is longer."""
    page = markdown.markdown(fenced('a = """\n```\n"""'), extensions=["pymdownx.superfences"])
    assert page.count("<pre>") == 1
    assert '"""' in page.split("```")[1]


def test_a_range_is_written_in_full():
    """A million is not 1e+06, neither beside a knob nor beside a question."""
    knob = {"name": "a", "label": "a", "kind": "number", "default": 0, "low": 0, "high": 1e6}
    panel = {"knobs": [knob], "figures": [], "goals": []}
    number = {"label": "", "unit": "B", "low": 0, "high": 2_000_000}
    asks = {"question": "?", "numbers": [number], "key": "k", "kind": "numbers"}
    for kind, record in (("panel", panel), ("prediction", asks)):
        bundle = {"text/plain": "", f"application/vnd.hook-line-socket.{kind}+json": record}
        shown = block({**bundle, "image/svg+xml": "<svg></svg>"}, "c1o1", frozenset())
        assert re.search(r"0 to [12]000000", shown)


def test_json_stands_between_single_quotes():
    """Whatever a record holds, the attribute ends where it should."""
    record = {"a": 'it\'s <b> & "c"'}
    text = attribute(record)
    assert "'" not in text
    assert "<" not in text
    plain = text.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    assert json.loads(plain.replace("&amp;", "&")) == record
