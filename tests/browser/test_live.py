"""A live server talks to a browser's own WebSocket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labs.live_view import SERVERS
from labs.world.live import live

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium")


@pytest.fixture
def page() -> Iterator[Page]:
    """An empty page of a fresh browser; every live server ends with it."""
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser.new_context().new_page()
        browser.close()
    SERVERS.stop_all()


async def on_bid(websocket):
    """Say which bid was heard, and close when there is none."""
    async for message in websocket:
        if not message:
            await websocket.close(4000, "no bid")
        await websocket.send(f"heard {message}")


def test_chromium_opens_a_websocket_to_a_live_server(page):
    """New WebSocket() of a page opens, gets an answer, and learns the close code and reason."""
    server = live(on_bid)
    heard = page.evaluate(
        """url => new Promise((resolve, reject) => {
            const said = [], socket = new WebSocket(url);
            socket.onopen = () => socket.send("100");
            socket.onmessage = event => { said.push(event.data); socket.send(""); };
            socket.onclose = event => resolve([...said, event.code, event.reason]);
            socket.onerror = () => reject("error");
        })""",
        server.url,
    )

    assert heard == ["heard 100", 4000, "no bid"]


def test_the_server_has_a_page_to_talk_from(page):
    """The address opened in a tab shows a page; what is sent there is answered there."""
    server = live(on_bid)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(server.url.replace("ws:", "http:"))
    page.get_by_text("= connection is open").wait_for()
    page.get_by_label("Message").fill("<b>100</b>")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("< heard <b>100</b>").wait_for()

    assert complaints == []


def test_two_tabs_are_two_connections(page):
    """Each tab is a client of its own: what one sends is not answered to the other."""
    server = live(on_bid)
    address = server.url.replace("ws:", "http:")
    second = page.context.new_page()
    for tab in (page, second):
        tab.goto(address)
        tab.get_by_text("= connection is open").wait_for()
    second.get_by_label("Message").fill("7")
    second.get_by_label("Message").press("Enter")
    second.get_by_text("< heard 7").wait_for()

    api.expect(page.get_by_text("heard")).to_have_count(0)
