import pytest

pytest.importorskip("anywidget", reason="the wire view is an anywidget")

from labs import outcome
from labs.widgets.screen import RUN
from labs.widgets.wire import SVG, WireView, pictured, read

BUNDLE = {"text/plain": "twin\nnoticed: blocked", SVG: "<svg/>", RUN: {"events": []}}


def test_the_run_and_its_view_agree_on_the_type():
    """The view reads the JSON under the name by which a run stores it."""
    assert RUN == outcome.RUN


def test_what_a_view_draws():
    """Picture, JSON and what was noticed come out of the bundle."""
    assert pictured(BUNDLE) == {
        "svg": "<svg/>",
        "text": "",
        "noticed": ["noticed: blocked"],
        "wire": {"events": []},
        "compact": False,
    }


def test_a_compact_view_leaves_the_bytes_behind():
    """A knob panel redraws often, so only what it shows is sent."""
    assert pictured(BUNDLE, compact=True)["wire"] == {}


def test_without_a_picture_the_text_is_shown():
    """A table or a sentence is shown as it is."""
    assert pictured({"text/plain": "three rows"})["text"] == "three rows"


def test_the_module_stands_alone():
    """The page's half is one plain ES module: it imports nothing and asks for nothing."""
    module = read("wire_view.js")

    assert "export default { render }" in module
    assert "import " not in module.replace("It imports nothing", "")
    assert not any(word in module for word in ("fetch(", "http:", "https:", "import("))
    assert WireView().svg == ""
