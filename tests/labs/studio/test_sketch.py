"""A design written as lines."""

import pytest

from labs.studio.prompts import prompts
from labs.studio.sketch import design, missing


def test_a_line_links_two_machines():
    """Names are taken as they were first written, labels as they are."""
    drawn = design("Browser -> gateway: ws, bids\nGATEWAY <- browser")
    assert drawn.parts == ("Browser", "gateway")
    assert [str(link) for link in drawn.links] == [
        "Browser -> gateway: ws, bids",
        "Browser -> gateway",
    ]


def test_a_chain_is_several_links_and_both_ways_is_one():
    """The label stands on each."""
    drawn = design("a -> b <-> c: x # and a remark")
    assert [str(link) for link in drawn.links] == ["a -> b: x", "b <-> c: x"]


def test_a_machine_may_stand_alone():
    """It is drawn without a line."""
    assert design("redis\n\n# nothing\n").parts == ("redis",)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("browser: ws", "no arrow before the colon"),
        ("-> gateway", "an arrow needs a machine on either side"),
        ("a name that is longer than any machine has -> b", "too long for a name"),
    ],
)
def test_a_line_that_cannot_be_read_says_so_and_the_rest_counts(line, says):
    """With its number."""
    drawn = design(f"a -> b\n{line}")
    assert len(drawn.links) == 1
    [trouble] = drawn.troubles
    assert trouble.startswith("Line 2: ")
    assert says in trouble


def test_a_picture_holds_twelve_machines():
    """What is beyond is told, and left out with its links."""
    drawn = design("\n".join(f"m{n} -> m{n + 1}" for n in range(14)))
    assert (len(drawn.parts), len(drawn.links)) == (12, 11)
    assert drawn.troubles == ("15 machines are more than one picture holds: draw 12.",)


@pytest.mark.parametrize("about", prompts(), ids=lambda about: about.id)
def test_the_author_s_drawing_lacks_nothing_and_an_empty_one_everything(about):
    """Every need can be met, and none is met by nothing."""
    drawn = design(about.content["drawing"]["example"])
    assert (drawn.troubles, missing(drawn, about.needs)) == ((), [])
    assert missing(design(""), about.needs) == list(about.needs)


@pytest.mark.parametrize("about", prompts(), ids=lambda about: about.id)
def test_each_line_of_the_author_s_drawing_matters(about):
    """Without all but one line most is missing, and it is named."""
    first = about.content["drawing"]["example"].splitlines()[0]
    assert len(missing(design(first), about.needs)) >= len(about.needs) // 2
