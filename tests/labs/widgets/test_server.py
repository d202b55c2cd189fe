from types import SimpleNamespace

import pytest

pytest.importorskip("ipywidgets", reason="live views need ipywidgets")

from labs.live_view import SERVERS, STOPPED, LiveView
from labs.widgets.screen import Screen
from labs.widgets.server import server_view


@pytest.fixture(autouse=True)
def _no_servers():
    yield
    SERVERS.stop_all()
    SERVERS.begin("")


def test_address_and_page():
    """The address is shown as it is, with a link that a browser can open."""
    says = server_view(LiveView("ws://127.0.0.1:1234", 1234)).children[0].value

    assert "<code>ws://127.0.0.1:1234</code>" in says
    assert 'href="http://127.0.0.1:1234"' in says


def test_what_it_notices_is_shown_and_escaped():
    """A sentence that the server notices appears on screen."""
    server = LiveView("http://127.0.0.1:1234", 1234)
    view = server_view(server)
    server.notice("<b> is no bid")

    assert "&lt;b&gt; is no bid" in view.children[0].value


def test_the_button_ends_the_server():
    """Stop ends the server, and the view says so."""
    server = LiveView("http://127.0.0.1:1234", 1234)
    view = server_view(server)
    view.children[1].click()

    assert not server.running
    assert STOPPED in view.children[0].value
    assert view.children[1].disabled


def test_the_screen_tells_which_cell_runs():
    """Servers are replaced by cell, so the screen passes on which cell begins."""
    Screen().begin(SimpleNamespace(cell_id="cell one", raw_cell=""))

    assert SERVERS.cell == "cell one"


@pytest.mark.parametrize(("error", "running"), [(KeyboardInterrupt(), False), (None, True)])
def test_an_interrupted_cell_leaves_no_server(error, running):
    """The stop button ends live servers; the ordinary end of a cell does not."""
    server = LiveView("http://127.0.0.1:1234", 1234)
    SERVERS.add(server)
    Screen().end(SimpleNamespace(error_in_exec=error))

    assert server.running == running
