"""A live server on screen: its address, what it noticed, and a button that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape

import ipywidgets as w

from labs.live_view import STOPPED, LiveView
from labs.widgets.wire import read


def server_view(server: LiveView) -> w.VBox:
    """The live view of a server; it follows what the server notices, and its end."""
    says, stop = w.HTML(), w.Button(description="Stop the server")

    def show() -> None:
        says.value = server_html(server)
        stop.disabled = not server.running

    show()
    server.changed.append(_in_this_loop(show))
    stop.on_click(lambda _: server.stop())
    stop.on_click(lambda _: show())
    box = w.VBox(
        [says, stop.add_class("hls-quiet"), w.HTML(f"<style>{read('controls.css')}</style>")]
    )
    return box.add_class("hls-panel")


def server_html(server: LiveView) -> str:
    """The address as a link a browser can follow, and the sentences noticed so far."""
    noticed = "".join(f"<li>{escape(says)}</li>" for says in server.noticed)
    listed = f'<ul class="hls-trouble">{noticed}</ul>' if noticed else ""
    if not server.running:
        return f'<p class="hls-said" role="status">{escape(STOPPED)}</p>{listed}'
    url = escape(server.url, quote=True)
    page = "http" + url.removeprefix("ws") if url.startswith("ws") else url
    link = f'<a href="{page}" target="_blank" rel="noreferrer">open its page</a>'
    return (
        f'<p class="hls-said" role="status">Listening on <code>{url}</code>, '
        f"on this computer only; {link}.</p>{listed}"
    )


def _in_this_loop(act: Callable[[], None]) -> Callable[[], None]:
    """`act`, called in the loop that runs here, from whichever thread."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return act

    def call() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(act)

    return call
