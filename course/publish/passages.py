"""What the tutor may quote, as one JSON file: passages with the address of their paragraph, and
authored pairs of question and answer whose sentences name the passages that bear them out.

Passages come from the lessons' prose, heading by heading, and from the pages of the reference.
Code cells, outputs, exercises' solutions and graders, hints and quizzes never enter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.publish import notebook, reference
from course.publish.authored import Authored, of_lessons, subjects
from course.publish.links import slug
from course.publish.pages import number_of
from course.publish.plain import paragraphs, sections, sentences
from course.publish.support import bears_out
from labs.glossary import TERMS
from labs.lessons import TITLES, Lesson

VERSION = 1
LONGEST = 1_700  # characters of a passage; longer sections become several
THRESHOLDS = Path(__file__).resolve().parents[1] / "tutor" / "answering" / "thresholds.json"
PAGES = (
    "close-codes", "glossary", "monday", "myths", "raw-body", "retries", "senders", "symptoms",
    "the-rest-of-the-map", "timers", "choosing",
)  # fmt: skip
INCLUDED = re.compile(r'^--8<-- "(.+?)"$', re.MULTILINE)
NOT_QUOTED = ("exercise",)  # a contract is a task, not an answer


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the course, and where it stands."""

    id: str
    title: str
    path: tuple[str, ...]
    url: str
    text: str


def as_json(root: Path, lessons: Mapping[Path, Lesson], parts: Mapping[str, str]) -> str:
    """The file that the tutor reads; `parts` are the generated parts of the reference."""
    found = [*of_notebooks(lessons), *of_pages(root / "site" / "reference", parts)]
    asked = [*(each for part in subjects() for each in part.questions)]
    asked += of_lessons(lessons.values())
    pages = {about.id: f"lessons/{about.name}" for about in lessons.values()}
    content = {
        "version": VERSION,
        "thresholds": json.loads(THRESHOLDS.read_text("utf-8")),
        "passages": [_record(each) for each in found],
        "pairs": [_pair(each, found, pages) for each in asked],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def of_site(root: Path) -> dict[str, Any]:
    """What `as_json` makes of a checkout, as values."""
    from labs.lessons import lesson

    paths = notebook.files(root / "notebooks")
    lessons = {path: lesson(path.stem, path.parent) for path in paths}
    content: dict[str, Any] = json.loads(as_json(root, lessons, reference.parts(lessons)))
    return content


def of_notebooks(lessons: Mapping[Path, Lesson]) -> Iterator[Passage]:
    """Each heading's prose of each lesson, and what its interview questions would like to hear."""
    for path, about in lessons.items():
        page = f"lessons/{about.name}"
        title = f"{number_of(about)}: {about.title}"
        yield from _split(page, title, _prose(notebook.read(path)))
        anchor = slug(TITLES["interview"])
        for number, item in enumerate(about.content.get("interview", ()), 1):
            strong, flags = _listed(item["strong"]), _listed(item["flags"])
            text = f"A strong answer says: {strong} Red flags: {flags}"
            path_of = (title, TITLES["interview"])
            url = f"/{page}/#{anchor}"
            yield Passage(
                f"{page}#{anchor}/{number}", f"Interview: {item['ask']}", path_of, url, text
            )


def of_pages(folder: Path, parts: Mapping[str, str]) -> Iterator[Passage]:
    """Each section of the reference, with its generated parts."""
    for name in PAGES:
        text = (folder / f"{name}.md").read_text("utf-8").split("---", 2)[2]
        whole = INCLUDED.sub(lambda found: parts.get(found[1], ""), text)
        if name == "glossary":
            yield from _terms(f"reference/{name}")
            continue
        yield from _split(f"reference/{name}", _title(whole), whole)


def _terms(page: str) -> Iterator[Passage]:
    for term in TERMS.values():
        says = f"{term.says} ({term.section}.)"
        url = f"/{page}/#{term.id}"
        yield Passage(f"{page}#{term.id}", f"{term.term} (glossary)", ("Glossary",), url, says)


def _prose(content: Any) -> str:
    cells = (cell for cell in content.cells if cell.cell_type == "markdown")
    return "\n\n".join(c.source for c in cells if not set(NOT_QUOTED) & set(notebook.tags(c)))


def _split(page: str, title: str, markdown: str) -> Iterator[Passage]:
    """A passage for each section, or several where one is long."""
    for section in sections(markdown):
        pieces = list(_pieces(paragraphs(section.text)))
        for number, text in enumerate(pieces, 1):
            anchor = f"#{section.anchor}" if section.anchor else ""
            name = f"{page}{anchor}" + (f"/{number}" if len(pieces) > 1 else "")
            path = (title, *(part for part in section.path if part != title))
            yield Passage(name, section.title or title, path, f"/{page}/{anchor}", text)


def _pieces(blocks: Iterable[str]) -> Iterator[str]:
    piece = ""
    for block in blocks:
        if piece and len(piece) + len(block) > LONGEST:
            yield piece
            piece = ""
        piece = f"{piece}\n{block}" if piece else block
    if piece:
        yield piece


def _pair(entry: Authored, found: Sequence[Passage], pages: Mapping[str, str]) -> dict[str, Any]:
    """The pair; each sentence cites the lesson where that bears it out, else where it stands."""
    own = _within(found, f"{entry.page}#{entry.anchor}")
    lesson, _, anchor = entry.lesson.partition("#")
    shown = _within(found, f"{pages.get(lesson, '?')}#{slug(anchor)}") if lesson else []
    told = []
    for sentence in sentences(entry.answer):
        best = next((n for n in shown if bears_out(found[n].text, sentence)), own[0])
        told.append({"text": sentence, "passage": best})
    return {
        "id": f"{entry.page}#{entry.anchor}",
        "ask": entry.ask,
        "variants": list(entry.variants),
        "sentences": told,
        "corrects": entry.corrects,
        "next": entry.next,
        "deeper": shown[0] if shown else own[0],
    }


def _within(found: Sequence[Passage], name: str) -> list[int]:
    return [n for n, each in enumerate(found) if each.id == name or each.id.startswith(f"{name}/")]


def _record(each: Passage) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title,
        "path": each.path,
        "url": each.url,
        "text": each.text,
    }


def _title(markdown: str) -> str:
    return next(line[2:] for line in markdown.splitlines() if line.startswith("# "))


def _listed(points: Sequence[str]) -> str:
    return " ".join(
        point if point.endswith((".", "?", "!", '"')) else f"{point}." for point in points
    )
