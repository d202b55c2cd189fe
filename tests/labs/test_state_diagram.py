"""The picture of a lifecycle, and its text."""

import re
from xml.etree import ElementTree as ET

import pytest

from labs.lifecycle import Lifecycle
from labs.state_diagram import draw
from labs.webhook.delivery import DELIVERY
from labs.webhook.inbox import PROCESS
from labs.websocket.lifecycle import CONNECTION, HEARTBEAT, LIVE_CONNECTION, RECONNECTING

SVG = "{http://www.w3.org/2000/svg}"
LIFECYCLES = [CONNECTION, LIVE_CONNECTION, RECONNECTING, DELIVERY, PROCESS]


def elements(diagram, name):
    """Every element of that name in the picture."""
    return ET.fromstring(diagram.to_svg()).iter(SVG + name)


def test_text_lists_every_move():
    """The text twin is the table, with the lesson's own moves marked."""
    door = Lifecycle("a door", {("OPEN", "close"): "SHUT", ("SHUT", "open"): "OPEN"})

    assert str(draw(door, "A door", [("SHUT", "open")])) == (
        "A door\n  OPEN\n    close -> SHUT\n  SHUT\n  + open -> OPEN\n  + added by this lesson"
    )


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_picture_shows_every_state_and_event(lifecycle):
    """Nothing of the table is missing, and the picture names and describes itself."""
    diagram = draw(lifecycle, f"The life of {lifecycle.name}")
    shown = {element.text for element in elements(diagram, "text")}

    assert {*lifecycle.states(), *(event for _, event in lifecycle.moves)} <= shown
    assert [title.text for title in elements(diagram, "title")] == [diagram.title]
    assert [desc.text for desc in elements(diagram, "desc")] == [str(diagram)]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_nothing_lies_outside_or_upon_another(lifecycle):
    """Labels lie within the picture and no two of them, and no two boxes, overlap."""
    diagram = draw(lifecycle, "t", HEARTBEAT if lifecycle is LIVE_CONNECTION else ())
    root = ET.fromstring(diagram.to_svg())
    width, height = (float(root.get(name)) for name in ("width", "height"))
    areas = [area(text) for text in root.iter(SVG + "text") if "700" not in text.attrib.values()]

    assert all(left >= 0 and right <= width for left, right, _, _ in areas)
    assert all(top >= 0 and bottom <= height for _, _, top, bottom in areas)
    assert not [(a, b) for a in areas for b in areas if a < b and overlap(a, b)]


def area(text):
    """Left, right, top and bottom of a label, its letters taken as 6.7 units wide."""
    x, y, length = float(text.get("x")), float(text.get("y")), 6.7 * len(text.text)
    left = x - length if text.get("text-anchor") == "end" else x
    return left, left + length, y - 10, y + 2


def overlap(a, b):
    """Whether two areas share a point."""
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def test_added_moves_are_told_by_more_than_colour():
    """A move of the lesson's own carries a plus, in the picture too."""
    shown = [text.text for text in elements(draw(LIVE_CONNECTION, "t", HEARTBEAT), "text")]

    assert [text for text in shown if text.startswith("+ ")] == [
        *(text for text in shown if text[2:] in {event for _, event in HEARTBEAT}),
        "+ added by this lesson",
    ]


def test_both_colour_schemes_are_there():
    """The page's switch and the reader's system choose among two sets of colours."""
    svg = draw(CONNECTION, "t").to_svg()

    assert "prefers-color-scheme:dark" in svg
    assert "[data-md-color-scheme=slate]" in svg
    assert not re.findall(r'(?:fill|stroke)="#', svg)


def test_shown_object_has_text_and_picture():
    """A notebook gets a text twin and an SVG, always the same ones."""
    bundle = draw(CONNECTION, "t")._repr_mimebundle_()

    assert bundle == draw(CONNECTION, "t")._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}
