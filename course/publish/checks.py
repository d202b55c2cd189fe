"""The author gate: small checks in one table, each saying what would let a learner down.

A check takes a lesson that has just been run and yields one sentence for each thing to put right.
To make the gate stricter, write a function and name it in CHECKS.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from course.publish import claims, notebook
from course.publish.budgets import budgets, practice
from course.publish.links import fragments, headings, slug
from course.publish.ran import Ran
from labs.lessons import MIME

HEADINGS = ("Predict", "Run", "Break", "Explain", "Build", "Defend")
HEAD_KINDS = ("title", "opening", "testout", "setup")
BODY_KINDS = (
    "prose",
    "predict",
    "lab",
    "reveal",
    "read",
    "knobs",
    "break",
    "order",
    "spot",
    "live",
)
BUILD_KINDS = ("exercise", "check", "real")
DEFEND_KINDS = ("quiz", "answer", "interview", "keep", "monday", "symptoms", "cards", "recap")
KINDS = frozenset(HEAD_KINDS + BODY_KINDS + BUILD_KINDS + DEFEND_KINDS)
DEPTHS = ("core", "deep")
SECTIONS = ("test_out", "quiz", "cards", "interview", "monday", "symptoms", "questions", "recap")
PLACED = ("test_out", "quiz", "interview", "monday", "symptoms", "recap")
LINES, STARTER_LINES = 15, 30
NOT_THE_SAME_TWICE = re.compile(
    r"\b\d+(\.\d+)? ?(ms|s|seconds)\b|127\.0\.0\.1|localhost|:\d{4,5}\b"
)


def problems(ran: Ran) -> list[str]:
    """Every sentence that every check has to say, in the order of the table."""
    return [f"{name}: {sentence}" for name, check in CHECKS.items() for sentence in check(ran)]


def same_outputs(ran: Ran) -> Iterator[str]:
    """What is stored is what a fresh run puts out."""
    stored, fresh = notebook.outputs(ran.stored), notebook.outputs(ran.fresh)
    numbers = [n for n, cell in enumerate(ran.fresh.cells, 1) if cell.cell_type == "code"]
    for number, old, new in zip(numbers, stored, fresh, strict=False):
        if old != new:
            yield f"cell {number} {_difference(old, new)}; author --write stores what it puts out"
    if len(stored) != len(fresh):
        yield "the stored notebook has other cells than the one that ran"


def shape(ran: Ran) -> Iterator[str]:
    """Six headings, in order, in each lesson but the tour."""
    found = [text for _, level, text in headings(ran.stored) if level == 2]
    if not ran.tour and tuple(found) != HEADINGS:
        yield f"the second-level headings are {found}; they must be {list(HEADINGS)}"


def head(ran: Ran) -> Iterator[str]:
    """The first cell says the title and the minutes of the YAML."""
    lines = ran.stored.cells[0].source.splitlines()
    for line in (f"# {ran.lesson.title}", ran.lesson.head):
        if line not in lines:
            yield f"the first cell must hold this line: {line}"


def kinds(ran: Ran) -> Iterator[str]:
    """Each cell has one kind and one depth, among its tags."""
    for number, cell in enumerate(ran.stored.cells, 1):
        tags = set(notebook.tags(cell))
        if unknown := tags - KINDS - set(DEPTHS):
            yield f"cell {number} has the unknown tags {sorted(unknown)}; kinds: {sorted(KINDS)}"
        if len(tags & KINDS) != 1 or len(tags & set(DEPTHS)) != 1:
            yield f"cell {number} needs one kind and one of core, deep; its tags are {sorted(tags)}"


def reveals(ran: Ran) -> Iterator[str]:
    """Each prediction is followed by what answers it, and that is stored folded."""
    waiting = 0
    for number, cell in enumerate(ran.stored.cells, 1):
        tags = notebook.tags(cell)
        if "reveal" in tags:
            waiting = 0
            if not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
                yield f"cell {number} answers a prediction and is not stored folded: author --write"
        if "predict" in tags:
            if waiting:
                yield f"the prediction in cell {waiting} has no reveal before the next prediction"
            waiting = number
    if waiting:
        yield f"the prediction in cell {waiting} has no reveal"


def readings(ran: Ran) -> Iterator[str]:
    """Each diagram that a reveal or a lab shows is read aloud in one of the next two cells."""
    cells = ran.fresh.cells
    for number, cell in enumerate(cells, 1):
        shows = cell.cell_type == "code" and any(_svgs(cell))
        following = [tag for each in cells[number : number + 2] for tag in notebook.tags(each)]
        if shows and {"reveal", "lab"} & set(notebook.tags(cell)) and "read" not in following:
            yield f"cell {number} shows a diagram and no cell tagged read follows it"


def lengths(ran: Ran) -> Iterator[str]:
    """A code cell fits the eye: 15 lines, a starter 30."""
    for number, cell in enumerate(ran.stored.cells, 1):
        limit = STARTER_LINES if "exercise" in notebook.tags(cell) else LINES
        lines = len(cell.source.splitlines())
        if cell.cell_type == "code" and lines > limit:
            yield f"cell {number} has {lines} lines; {limit} are allowed"


def real_cells(ran: Ran) -> Iterator[str]:
    """A run on real sockets prints only what must hold: no time, no port, no address."""
    for number, cell in enumerate(ran.fresh.cells, 1):
        if "real" in notebook.tags(cell) and cell.cell_type == "code":
            for found in NOT_THE_SAME_TWICE.finditer(claims.cell_text(cell)):
                yield f"cell {number} runs on real sockets and prints {found[0]!r}"


def pictures(ran: Ran) -> Iterator[str]:
    """Each SVG has a title, a description, and its text twin beside it."""
    for number, cell in enumerate(ran.fresh.cells, 1):
        for svg, plain in _svgs(cell) if cell.cell_type == "code" else ():
            for part in ("title", "desc"):
                if not re.search(rf"<{part}[^>]*>\s*\S", svg):
                    yield f"cell {number} shows an SVG without <{part}>"
            if not plain or "object at 0x" in plain:
                yield f"cell {number} shows an SVG without a text twin (text/plain)"


def repeated(ran: Ran) -> Iterator[str]:
    """Nothing is named twice: no heading, no goal, no card."""
    content = ran.lesson.content
    named = {
        "heading": [slug(text) for _, _, text in headings(ran.stored)],
        "break goal": [goal["id"] for goal in content.get("break", ())],
        "card": [card["front"] for card in content.get("cards", ())],
        "question": [item["ask"] for item in content.get("questions", ())],
    }
    for what, names in named.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield f"the {what} {name!r} is there {times} times"


def anchors(ran: Ran) -> Iterator[str]:
    """Each link within the page, and each anchor of the YAML, meets a heading."""
    known = {slug(text) for _, _, text in headings(ran.stored)}
    content = ran.lesson.content
    for section in ("symptoms", "questions"):
        for number, entry in enumerate(content.get(section, ()), 1):
            if slug(entry["anchor"]) not in known:
                yield f"{section}[{number}].anchor {entry['anchor']!r} is no heading of the page"
    for number, fragment in fragments(ran.fresh):
        if slug(fragment) not in known:
            yield f"cell {number} links to #{fragment}, which is no heading of the page"


def sections(ran: Ran) -> Iterator[str]:
    """The YAML has its sections, and those for the page are placed on it."""
    if ran.tour:
        return
    for section in SECTIONS:
        if section not in ran.lesson.content:
            yield f"the YAML has no section `{section}`"
    placed = {bundle["kind"] for bundle in _shown_parts(ran.fresh)}
    for section in PLACED:
        if section in ran.lesson.content and section not in placed:
            yield f"no cell shows lesson.{section}()"


def borne_out(ran: Ran) -> Iterator[str]:
    """Each claim stands on the page and holds."""
    yield from claims.stale(ran.lesson.content["claims"], ran.fresh, ran.judged)


CHECKS: Mapping[str, Callable[[Ran], Iterator[str]]] = {
    "outputs": same_outputs,
    "shape": shape,
    "head": head,
    "kinds": kinds,
    "reveals": reveals,
    "readings": readings,
    "lengths": lengths,
    "budgets": budgets,
    "practice": practice,
    "real": real_cells,
    "pictures": pictures,
    "ids": repeated,
    "anchors": anchors,
    "sections": sections,
    "claims": borne_out,
}


def _difference(old: Sequence[Any], new: Sequence[Any]) -> str:
    """Where two lists of outputs part, in words."""
    if len(old) != len(new):
        return f"has {len(old)} stored outputs and puts out {len(new)}"
    before, after = next((a, b) for a, b in zip(old, new, strict=True) if a != b)
    forms = {**before, **before.get("data", {})}, {**after, **after.get("data", {})}
    names = sorted(
        n for n in {*forms[0], *forms[1]} - {"data"} if forms[0].get(n) != forms[1].get(n)
    )
    was, now = (str(form.get(names[0], "nothing")) for form in forms)
    parted = (at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b)
    start = max(0, next(parted, min(len(was), len(now))) - 20)
    first, second = was[start : start + 60], now[start : start + 60]
    return f"differs in {', '.join(names)}: {first!r} is stored, {second!r} comes out"


def _svgs(cell: Any) -> Iterator[tuple[str, str]]:
    """Each SVG that the cell shows, with the text beside it."""
    for output in cell.outputs:
        bundle = output.get("data", {})
        if svg := bundle.get("image/svg+xml"):
            yield str(svg), str(bundle.get("text/plain", ""))


def _shown_parts(shown: Any) -> Iterator[Mapping[str, Any]]:
    for cell in shown.cells:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                yield output["data"][MIME]
