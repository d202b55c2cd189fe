"""A table in Markdown, and what its cells are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

UNCONFIRMED = "**not confirmed** "
PROSE = 60  # characters in a cell: from here on it is read and not looked up
NOTHING = "–"  # not published, or not read here


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table; a bar or a line end within a cell does no harm, and prose gets a wide column."""
    body = list(rows)
    wide = [
        max((len(cell) for cell in column), default=0) > PROSE for column in zip(*body, strict=True)
    ]
    marked = [f"{name} {{ .hls-wide }}" if w else name for name, w in zip(head, wide, strict=True)]
    lines = [marked, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: str) -> str:
    """Text as code, with its bars as they are, also within a table."""
    return f"<code>{escape(text, quote=False).replace('|', '&#124;')}</code>"


def read_on(source: str, checked: date | str) -> str:
    """A source, and the day on which it was read."""
    return f"{source} ({checked})"


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
    return " ".join(text.replace("|", "\\|").split())
