"""The picture of what is signed, and its text twin."""

import re

from hypothesis import given
from hypothesis import strategies as st

from labs.signed_picture import COLUMNS, draw, wrapped
from labs.webhook.coverage import Mark, Span, lines
from labs.webhook.senders import SENDERS, ours


def delivery(name):
    """The lines of a sender's delivery."""
    sender = SENDERS[name]
    return lines(sender.scheme, sender.send(), ours("harbour"))


TWIN = """\
As GitHub signs it
= signed  ^ the signature  . not signed

POST https://auction.example/harbour
....................................
X-GitHub-Delivery: evt_1
........................
X-GitHub-Event: bid_paid
........................
X-Hub-Signature-256: sha256=514c6d077618e0f3d26d4668e152de
.....................^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a27488fd9bcac445707f6de454a9636a7a
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
{"id":"evt_1","tenant":"harbour","amount":120}
=============================================="""


def test_the_twin_has_a_letter_under_each_byte():
    """Who cannot see the picture reads the same: signed, signature, not signed."""
    picture = draw("As GitHub signs it", {"": delivery("GitHub")})

    assert str(picture) == TWIN
    assert picture._repr_mimebundle_()["text/plain"] == TWIN


def test_the_picture_names_and_counts_itself():
    """Title and description stand in the SVG, with how many bytes are signed."""
    svg = draw("Two", {name: delivery(name) for name in ("GitHub", "PayPal")}).to_svg()

    assert "<title>Two</title>" in svg
    assert "GitHub: signed: 46 bytes, the signature: 71 bytes, not signed: 105 bytes" in svg
    assert "PayPal: signed: 35 bytes, by its checksum: 46 bytes" in svg


def test_pattern_and_shape_tell_the_marks_apart():
    """Hatched over a full line, dashed, boxed, dotted: none differs by its colour alone."""
    svg = draw("", {"": tuple((Span("x" * 9, mark),) for mark in Mark)}).to_svg()

    assert svg.count("<rect") >= 2
    for drawn in ('stroke-dasharray="1.2 3.6"', 'stroke-dasharray="7 4"', 'stroke-width="2.6"/>'):
        assert drawn in svg


def test_nothing_leaves_the_picture():
    """Each letter of each row stands within the width."""
    svg = draw("", {name: delivery(name) for name in SENDERS}).to_svg()
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    ends = [
        float(x) + float(length)
        for x, length in re.findall(r'<text x="([\d.]+)"[^>]*textLength="([\d.]+)"', svg)
    ]

    assert max(ends) <= width - 13


SPANS = st.builds(Span, st.text(max_size=150), st.sampled_from(Mark))


@given(st.lists(SPANS, max_size=4).map(tuple))
def test_wrapping_loses_nothing(line):
    """A long line takes several rows; together they are the line, stretch by stretch."""
    rows = list(wrapped(line))
    letters = [(letter, span.mark) for span in line for letter in span.text]

    assert [(x, span.mark) for row in rows for span in row for x in span.text] == letters
    assert all(sum(len(span.text) for span in row) <= COLUMNS for row in rows)
