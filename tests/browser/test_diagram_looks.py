"""The diagram in Chromium: with real letters nothing overlaps, and the page decides the colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labs.diagram import diagram
from labs.journal import Ended, Fault, Journal, Note, Opened, Sent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

UPGRADE = b"GET /bids HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
HELLO = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
HOSTS = ("bidder", "proxy", "auction")

# Pairs of texts whose boxes share more than a hair; heights include the room above small letters.
OVERLAPS = """
kind => {
  const texts = [...document.querySelectorAll(`svg.${kind} text.l, svg.${kind} text.small`)];
  const boxes = texts.map(text => text.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && tall > 3) found.push([texts[i].textContent, texts[j].textContent]);
    }
  return found;
}
"""
SHOWN = "kind => document.querySelector(`svg.${kind}`).getBoundingClientRect().width"
GROUND = "() => getComputedStyle(document.querySelector('svg.wide .g')).fill"
LEAST = """
() => Math.min(...[...document.querySelectorAll('svg.phone text')].map(text =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))
"""
WHITE, NIGHT = "rgb(255, 255, 255)", "rgb(16, 21, 31)"


def run() -> Journal:
    """Three machines, a cut that heals, a line that is reset, and long words."""
    a, b, c = HOSTS
    events = [
        Opened(0.0, 1, a, b, 443, 0.05),
        Sent(0.05, 1, a, b, UPGRADE, 0.075),
        Opened(0.075, 2, b, c, 8765, 0.125),
        Sent(0.125, 2, b, c, UPGRADE, 0.15),
        Sent(0.15, 2, c, b, SWITCH, 0.175),
        Sent(0.175, 1, b, a, SWITCH, 0.2),
        Fault(2.0, "cut", (a, b), 9.0, "nothing gets through between bidder and proxy"),
        Sent(2.5, 1, a, b, HELLO, 9.025),
        Sent(3.0, 2, c, b, b"\x81\x7e\x00\xc8" + b"a brass sextant " * 12 + b"in a box", 3.025),
        Note(4.0, b, "keeps what it was given, since nobody has told it anything else"),
        Ended(12.0, 2, c, b, "RST", 12.025),
    ]
    return Journal(tuple(events), HOSTS, 20.0)


@pytest.fixture
def page(browser: Browser) -> Page:
    """An empty page as wide as a desk."""
    return browser.new_page(viewport={"width": 1000, "height": 800}, color_scheme="light")


@pytest.mark.parametrize(
    ("across", "kind", "other"), [(1000, "wide", "phone"), (390, "phone", "wide")]
)
def test_real_letters_do_not_overlap(page, across, kind, other):
    """The page's width chooses the picture, and no two texts in it cover each other."""
    page.set_viewport_size({"width": across, "height": 800})
    page.set_content(f"<body style='margin:8px'>{diagram(run()).svg()}")

    assert page.evaluate(OVERLAPS, kind) == []
    assert page.evaluate(SHOWN, kind) > across * 0.9
    assert page.evaluate(SHOWN, other) == 0


def test_a_phone_can_read_it(page):
    """At 390 pixels no letter is smaller than 9 pixels and nothing scrolls sideways."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(f"<body style='margin:16px'>{diagram(run()).svg()}")

    assert page.evaluate(LEAST) >= 9
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("body", "scheme", "ground"),
    [
        ("", "light", WHITE),
        ("", "dark", NIGHT),
        ("data-md-color-scheme=slate", "light", NIGHT),
        ("data-md-color-scheme=default", "dark", WHITE),
        ("data-jp-theme-light=false", "light", NIGHT),
        ("data-jp-theme-light=true", "dark", WHITE),
    ],
)
def test_the_page_decides_light_or_dark(page, body, scheme, ground):
    """A page that has a switch is followed, whatever the system wishes; else the system is."""
    page.emulate_media(color_scheme=scheme)
    page.set_content(f"<body {body}>{diagram(run()).svg()}")

    assert page.evaluate(GROUND) == ground
