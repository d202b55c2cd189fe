"""The cards as a package for Anki: a deck with one deck a lesson below it.

Ids are made from names, so that a later package updates what an earlier one brought and keeps what
was learnt. The same cards and the same time give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Sequence
from html import escape
from itertools import count, groupby
from typing import Any

from course.publish.cards import Card

COURSE = "Hook, Line & Socket"
FRONT = '<div class="from">{{Lesson}}</div>{{Front}}'
BACK = '{{FrontSide}}<hr id="answer">{{Back}}<div class="source">{{Source}}</div>'
STYLE = """\
.card { font: 20px/1.5 "Source Sans 3", system-ui, sans-serif; text-align: left; max-width: 34em;
  margin: 1.5em auto; padding: 0 1em; color: #1d2330; background: #faf9f5; }
.card.nightMode { color: #e6e9f0; background: #11141a; }
.from, .source { font-size: 14px; opacity: .75; }
.source { margin-top: 1em; }
code { font: .86em "IBM Plex Mono", ui-monospace, monospace; }
"""
INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP file knows


def package(cards: Sequence[Card], changed: int) -> bytes:
    """The `.apkg` of the cards that wait for nothing; `changed` is when they were, in Unix time.

    Anki replaces a note that it has only by one that changed later.
    """
    import genanki  # not needed to read a lesson

    decks = [
        _deck(title, list(group))
        for title, group in groupby((c for c in cards if not c.asked), key=lambda card: card.title)
    ]
    database = sqlite3.connect(":memory:")
    try:
        genanki.Package(decks).write_to_db(database.cursor(), changed, count(changed * 1000))
        database.commit()
        return _zipped({"collection.anki2": database.serialize(), "media": b"{}"})
    finally:
        database.close()


def html(text: str) -> str:
    """A line of Markdown as Anki shows it; `site/scripts/inline.js` reads the same three marks."""

    def marked(found: re.Match[str]) -> str:
        code, bold, italic = found.groups()
        name, inside = ("code", code) if code else ("b", bold) if bold else ("i", italic)
        return f"<{name}>{inside}</{name}>"

    return INLINE.sub(marked, escape(text, quote=False))


def _deck(title: str, cards: Sequence[Card]) -> Any:
    import genanki

    # Anki sorts decks by name: M06 comes before M11.
    name = f"{COURSE}::M{cards[0].name[:2]} {title.partition(' ')[2]}"
    deck = genanki.Deck(_number(f"deck {cards[0].lesson}"), name)
    for card in cards:
        fields = [html(each) for each in (card.front, card.back, card.source, card.title)]
        known = genanki.guid_for(COURSE, card.id)
        deck.add_note(genanki.Note(_model(), fields, tags=[card.lesson], guid=known))
    return deck


def _model() -> Any:
    import genanki

    fields = [{"name": name} for name in ("Front", "Back", "Source", "Lesson")]
    template = {"name": "Card", "qfmt": FRONT, "afmt": BACK}
    return genanki.Model(_number("model"), COURSE, fields, [template], css=STYLE)


def _number(name: str) -> int:
    """A number of the size that Anki gives to its own ids."""
    digest = hashlib.sha256(f"{COURSE} {name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") | 1 << 30


def _zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
