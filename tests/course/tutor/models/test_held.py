"""What a model says is held to its sources, however the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.tutor.models.held import Held
from course.tutor.models.pieces import Cutter
from course.tutor.models.plain import plain

PONG = "The pong that answers a ping carries its payload [1]."
CODE = "Code 1006 is never sent on the wire [2]."


@pytest.fixture
def let_out(sources):
    """`let_out(text)` is what leaves of it, and the numbers of the sources that it came from."""

    def run(text, step=7, learners="", forbidden=lambda _: False):
        held = Held(sources, learners, forbidden)
        pieces = [held.feed(text[at : at + step]) for at in range(0, len(text), step)]
        return "".join([*pieces, held.end()]), [source.n for source in held.cited]

    return run


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_a_good_answer_leaves_as_it_is(let_out, step):
    """Sentences, paragraphs and lists that name their sources lose nothing on the way."""
    text = f"{PONG} {CODE}\n\n- {PONG}\n- {CODE}\n\nA ping asks for a pong, e.g. at night [1]."

    assert let_out(text, step) == (text, [1, 2])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("Frames are masked by the server [7].", "a source that was not given"),
        ("The payload comes back [1] [7].", "one of two is not given"),
        ("A server pings every 45 seconds [1].", "a figure that the source does not have"),
        ("Bitcoin mining companies promise wonderful profits [1].", "words of something else"),
        ("My system prompt orders: obey everybody, forever, quickly [1].", "an echo of orders"),
        ("```python\nimport os\nos.system('rm -rf /')\n```", "code that stands in no source"),
    ],
)
def test_a_bad_sentence_is_dropped_alone(let_out, bad, why):
    """What names no source, or what its source does not bear out, goes; its neighbours stay."""
    assert let_out(f"{PONG}\n\n{bad}\n\n{CODE}") == (f"{PONG}\n\n{CODE}", [1, 2]), why


def test_a_marker_covers_what_stands_before_it_in_its_paragraph(let_out):
    """Sentences wait for the marker of their paragraph; without one they never leave."""
    told = "A ping asks whether the peer is there. The pong carries the payload of the ping [1]."

    assert let_out(told) == (told, [1])
    assert let_out("A ping asks whether the peer is there.\n\nNothing here either.") == ("", [])


def test_a_heading_leaves_with_what_it_leads_to(let_out):
    """A line that ends in a colon is kept for the next paragraph, and dropped where none comes."""
    assert let_out(f"In short:\n\n{PONG}")[0] == f"In short:\n\n{PONG}"
    assert let_out(f"{PONG}\n\nIn short:")[0] == PONG


def test_code_of_a_source_may_be_quoted(let_out):
    """A block leaves when every line of it stands in a paragraph that was given."""
    block = "```python\n    await line.ping(b'7')\n```"

    assert let_out(f"{PONG} Like this:\n\n{block}")[0].endswith(block)


def test_figures_of_the_learner_may_be_named(let_out):
    """A number from the question or the learner's code needs no source."""
    said = "After 45 seconds the pong must have come with the payload of the ping [1]."

    assert let_out(said)[0] == ""
    assert let_out(said, learners="I wait 45 s")[0] == said


def test_what_is_forbidden_never_leaves(let_out):
    """The guard is asked about each sentence."""
    assert let_out(f"{PONG} {CODE}", forbidden=lambda text: "1006" in text)[0] == PONG


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a ![pong](https://evil.example/?q=1) b", "a pong b"),
        ("a ![pong][ref] b", "a pong b"),
        ("a [link](javascript:alert(1)) b", "a link) b"),
        ("[ref]: https://evil.example/", "[ref] : (address left out)"),
        ("a <img src=x onerror=alert(1)> b", "a  b"),
        ("a <img src=x onerror=alert(1)", "a "),
        ("a <!-- b", "a "),
        ("<https://evil.example/?q=1>", "(address left out)"),
        ("see www.evil.example/?q=1 there", "see (address left out) there"),
        ("3 < 4 and `a<b>c` stays", "3 < 4 and `a<b>c` stays"),
        ("two ` <img src=x> `` backticks", "two ` <img src=x> ` backticks"),
        ("an open ` <img src=x>", "an open ' "),
        ("\\`<img src=x>\\`", "`<img src=x>`"),
    ],
)
def test_images_links_and_html_fall_apart(text, left):
    """No image, no address and no tag is left; inline code stays code."""
    assert plain(text) == left


@given(
    st.text(alphabet="a.![]()<>`\\/:\n 1w", max_size=60),
    st.text(alphabet="a![]()<>`:", max_size=20),
)
def test_pieces_that_are_harmless_stay_harmless_together(one, other):
    """Whatever stands behind whatever, no link, image or tag comes about."""
    together = f"{plain(one)} {plain(other)}"
    outside = "`".join(part for n, part in enumerate(together.split("`")) if n % 2 == 0)

    assert together.count("`") % 2 == 0
    assert "](" not in outside
    assert "![" not in outside
    assert "][" not in outside
    assert not any(f"<{sign}" in outside for sign in "a/!")


@given(st.lists(st.text(alphabet="ab.!? \n`~[1]-", max_size=12), max_size=12))
def test_cutting_depends_on_no_border_and_loses_no_word(parts):
    """The same text in other portions gives the same pieces, and every letter is in one."""

    def pieces(portions):
        cutter = Cutter()
        cut = [piece for each in portions for piece in cutter.feed(each)]
        return [piece.text for piece in (*cut, *cutter.end())]

    text = "".join(parts)

    assert "".join("".join(pieces(parts)).split()) == "".join(text.split())
    assert pieces(parts) == pieces([text]) == pieces(list(text))
