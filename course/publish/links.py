"""Headings of a notebook and the links that lead to them, in JupyterLab and on the site.

JupyterLab makes `#Silence-looks-like-health` of a heading, the site `#silence-looks-like-health`.
Lessons are written with JupyterLab's form; `slug` brings both to the site's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
TARGET = r"\((?P<page>\w+\.ipynb)?(?:#(?P<fragment>[^)\s]+))?\)"
SPAN = re.compile(r"\[(?P<text>[^\]]+)\]" + TARGET)
ELSEWHERE = re.compile(r"\]\(site:(?P<page>[\w/-]+\.md)\)")  # JupyterLab shows its text alone


def slug(heading: str) -> str:
    """The site's anchor for a heading, or for either form of a link to it."""
    # The same as markdown.extensions.toc.slugify, which a test compares it with.
    text = re.sub(r"[`*_]", "", unquote(heading)).replace("-", " ")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s]", "", plain).strip().lower())


def headings(notebook: Any) -> Iterator[tuple[int, int, str]]:
    """Each heading of the prose: number of its cell, level, text."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            for mark, text in HEADING.findall(FENCE.sub("", cell.source)):
                yield number, len(mark), text


def fragments(notebook: Any) -> Iterator[tuple[int, str]]:
    """Each link within the page, in prose and in what cells show: number of the cell, fragment."""
    for number, cell in enumerate(notebook.cells, 1):
        for text in _texts(cell):
            for link in SPAN.finditer(text):
                if link["fragment"] and not link["page"]:
                    yield number, link["fragment"]


def for_site(markdown: str, known: frozenset[str]) -> str:
    """The Markdown with its links as the site wants them.

    A link to the notebook of a lesson that is not in `known` becomes plain text; one to
    `site:reference/raw-body.md` leads to that page of the site.
    """
    inside = SPAN.sub(lambda link: _rewritten(link, known), markdown)
    return ELSEWHERE.sub(r"](../\g<page>)", inside)


def _rewritten(link: re.Match[str], known: frozenset[str]) -> str:
    page, fragment = link["page"] or "", link["fragment"] or ""
    if page and page.removesuffix(".ipynb") not in known:
        return link["text"]
    anchor = f"#{slug(fragment)}" if fragment else ""
    return f"[{link['text']}]({page.replace('.ipynb', '.md')}{anchor})"


def _texts(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
    for output in cell.get("outputs", ()):
        yield output.get("data", {}).get("text/markdown", "")
