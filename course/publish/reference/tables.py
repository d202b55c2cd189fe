"""A table in Markdown, and what its cells are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

UNCONFIRMED = "**not confirmed** "
PROSE, PHRASE = 60, 25  # characters in a cell: so much is read, so much looked up
SOURCE = "source, read on"
NOTHING = "–"  # not published, or not read here


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table; what is read gets a wide column, and a source small letters."""
    body = [
        [
            f"<small>{cell}</small>" if name == SOURCE else cell
            for name, cell in zip(head, row, strict=True)
        ]
        for row in rows
    ]
    marked = [
        _marked(name, column) for name, column in zip(head, zip(*body, strict=True), strict=True)
    ]
    lines = [marked, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _marked(name: str, column: Sequence[str]) -> str:
    longest = max(map(len, column))
    if name == SOURCE or PHRASE < longest <= PROSE:
        return f"{name} {{ .hls-phrase }}"
    return f"{name} {{ .hls-prose }}" if longest > PROSE else name


def code(text: str) -> str:
    """Text as code, with its bars as they are, also within a table."""
    return f"<code>{escape(text, quote=False).replace('|', '&#124;')}</code>"


def read_on(source: str, checked: date | str) -> str:
    """A source, and the day on which it was read."""
    return f"{source}, <time>{checked}</time>"


def span(seconds: float | None, otherwise: str = "", *, rough: bool = False) -> str:
    """Seconds as people say them: 60 s, 5 min, 3 days 3 h; the two largest units if `rough`."""
    if seconds is None:
        return otherwise
    if seconds < 120 or seconds % 1:
        return f"{seconds:,g}\N{NO-BREAK SPACE}s"
    days, rest = divmod(round(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    counted = {"days": days, "h": hours, "min": rest // 60, "s": rest % 60}
    parts = [f"{many} {unit}" for unit, many in counted.items() if many]
    said = " ".join(parts[:2] if rough else parts)
    return said.replace("1 days", "1 day").replace(" ", "\N{NO-BREAK SPACE}")


def _cell(text: str) -> str:
    return " ".join(filter(None, re.split(r"[ \n]+", text.replace("|", "\\|"))))
