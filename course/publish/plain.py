"""Markdown as it is read: sections with their anchors, paragraphs without markup, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.publish.links import slug

HEADING = re.compile(
    r"^(?P<mark>#{1,6}) +(?P<text>.+?) *#*(?: *\{:? *#(?P<id>[\w-]+)[^}]*\})? *$", re.MULTILINE
)
MARKED = re.compile(r"^\{: #(?P<id>[\w-]+) \}$", re.MULTILINE)  # names the paragraph above it
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
AWAY = re.compile(  # what gives a quiz away, pictures, scripts and everything between angles
    r"<details[^>]*><summary[^>]*>The wrong answers of its quiz.*?</details>"
    r"|<(svg|script|style|small)\b.*?</\1>|</?[a-zA-Z][^<>]*>|<!--.*?-->",
    re.DOTALL,
)
SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ATTRIBUTES = re.compile(r"\{[:.# ][^}\n]*\}")
RULER = re.compile(r"^\|?[-:| ]+\|?$")
END = re.compile(r'(?<=[.!?])["”)]?\s+(?=["“(]?[A-Z0-9])')
ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|cf|No|Socket)\.|\.\.\.)$")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading, or in a paragraph with an anchor of its own."""

    title: str
    anchor: str
    path: tuple[str, ...]
    text: str


def sections(markdown: str) -> Iterator[Section]:
    """Each section that says something, with the headings above it."""
    text = AWAY.sub(" ", SUMMARY.sub(r"\n\n\1\n\n", FENCE.sub("", _without_quizzes(markdown))))
    open_: list[tuple[int, str]] = []
    found = list(HEADING.finditer(text))
    starts = [(None, 0), *((each, each.end()) for each in found)]
    for (head, begin), end in zip(starts, [*(f.start() for f in found), len(text)], strict=True):
        if head is not None:
            level = len(head["mark"])
            open_ = [each for each in open_ if each[0] < level] + [(level, plain(head["text"]))]
        title = open_[-1][1] if open_ else ""
        anchor = (head["id"] or slug(head["text"])) if head and len(head["mark"]) > 1 else ""
        yield from _named(title, anchor, tuple(name for _, name in open_), text[begin:end])


def _without_quizzes(markdown: str) -> str:
    return re.sub(
        r"<details[^>]*><summary[^>]*>The wrong answers of its quiz.*?</details>", "",
        markdown, flags=re.DOTALL,
    )  # fmt: skip


def _named(title: str, anchor: str, path: tuple[str, ...], text: str) -> Iterator[Section]:
    """The section; paragraphs that have a name of their own come one by one, with what is said
    before them as their title.
    """
    marks = list(MARKED.finditer(text))
    if not marks:
        if list(paragraphs(text)):
            yield Section(title, anchor, path, text)
        return
    begin = 0
    for mark in marks:
        blocks = [block for block in text[begin : mark.start()].split("\n\n") if block.strip()]
        believed = plain(blocks[-2]) if len(blocks) > 1 else title
        yield Section(believed, mark["id"], path, blocks[-1])
        begin = mark.end()


def paragraphs(markdown: str) -> Iterator[str]:
    """The paragraphs as text; a table is read row by row."""
    for block in re.split(r"\n\s*\n", markdown):
        lines = block.strip().splitlines()
        if lines and lines[0].lstrip().startswith("|"):
            yield from _rows(lines)
        elif text := plain(" ".join(line.strip() for line in lines)):
            yield text


def _rows(lines: list[str]) -> Iterator[str]:
    cells = [[plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
             for line in lines if not RULER.match(line.strip())]  # fmt: skip
    head, *rows = cells
    for row in rows:
        said = (f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False))
        yield "; ".join(part for part in said if not part.endswith(": ")) + "."


def plain(markdown: str) -> str:
    """The text without links, attributes, emphasis and tags; code keeps its ticks."""
    text = LINK.sub(r"\1", ATTRIBUTES.sub("", AWAY.sub("", markdown)))
    text = re.sub(r"\*\*?([^*]+)\*\*?", r"\1", text).replace("\\|", "|")
    text = re.sub(r"&(?:#124|lt|gt|amp);", _entity, text)
    return re.sub(r"\s+", " ", re.sub(r"^(?:[-*>] |\d+\. )", "", text.strip())).strip()


def _entity(found: re.Match[str]) -> str:
    return {"&#124;": "|", "&lt;": "<", "&gt;": ">", "&amp;": "&"}[found[0]]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text without markup."""
    begin = 0
    for end in END.finditer(text):
        if not ABBREVIATED.search(text[: end.start()].rstrip('"”)')):
            yield text[begin : end.end()].strip()
            begin = end.end()
    if rest := text[begin:].strip():
        yield rest
