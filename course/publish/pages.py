"""A lesson's notebook as one page of the site: the same words, the same runs, the same pictures.

Deterministic: a notebook and its YAML in, Markdown out. What answers a prediction is folded, and
so is what is `deep`; a heading that opens a deep part stays in sight.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from course.publish.links import for_site
from course.publish.notebook import exercises, tags
from course.publish.outputs import blocks, fenced
from course.publish.runtime.build import Runtime
from labs.lessons import MIME as LESSON
from labs.lessons import Lesson
from labs.prediction import MIME as PREDICTION

Numbered = tuple[int, Any]  # a cell and its number on the page


def page(notebook: Any, about: Lesson, known: Iterable[str], runtime: Runtime | None = None) -> str:
    """The page of a lesson; `known` are the names of the lessons that the site has.

    With a `runtime` its cells can be run in the reader's tab.
    """
    names = frozenset(known)
    cells = list(enumerate(notebook.cells, 1))
    asks = exercises(notebook)
    parts = [front_matter(about), opening(cells[0][1], about, names, asks)]
    for depth, group in groupby(cells[1:], key=_depth):
        body = list(body_of(list(group), names))
        parts += folded_deep(body) if depth == "deep" else body
    if runtime is not None:
        from_where = f'data-folder="{runtime.folder}" data-transfer="{runtime.transfer}"'
        which = f'class="hls-runtime" data-lesson="{about.name}"'
        parts.append(f"<div hidden {which} {from_where}></div>")
    return "\n\n".join(parts) + "\n"


def front_matter(about: Lesson) -> str:
    """Title and description, for the browser's tab, the menu and the search."""
    promises = about.content["lesson"].get("promises", ())
    says = " ".join(promises).replace('"', "'") or about.title
    title = f"{number_of(about)} · {about.title}".replace('"', "'")
    return f'---\ntitle: "{title}"\ndescription: "{says}"\n---'


def opening(cell: Any, about: Lesson, known: frozenset[str], asks: Sequence[str] = ()) -> str:
    """The title, and under it what the lesson takes, needs and gives."""
    text = cell.source.replace(about.head, "").strip()
    title, _, rest = text.partition("\n")
    under = head(about, known, asks)
    return "\n\n".join(filter(None, [title, for_site(rest.strip(), known), under]))


def head(about: Lesson, known: frozenset[str], asks: Sequence[str] = ()) -> str:
    """Minutes, needs, the door to JupyterLab, and what the reader will be able to do."""
    content = about.content["lesson"]
    facts = [f"**{content['core_minutes']} min** core path", f"**{content['minutes']} min** whole"]
    needs = [_lesson_link(need, known) for need in content.get("needs", ())]
    facts += [f"needs {', '.join(needs)}"] if needs else []
    facts += [passed(about.name, asks)] if asks else []
    door = (
        f'<a class="hls-open" href="/open/lab/{about.name}.ipynb" data-lesson="{about.name}" '
        f'title="Works when the course runs on your machine">Open in JupyterLab</a>'
    )
    able = "\n".join(f"- {promise}" for promise in content.get("promises", ()))
    able = f"You will be able to\n\n{able}" if able else ""
    lines = ['<div class="hls-head" markdown="1">', " · ".join(facts), door, able, "</div>"]
    return "\n\n".join(filter(None, lines))


def passed(name: str, exercises: Sequence[str]) -> str:
    """How many exercises the lesson has; a script says how many of them the reader has passed."""
    count = f"{len(exercises)} {'exercise' if len(exercises) == 1 else 'exercises'}"
    about = f'data-progress="{name}" data-exercises="{" ".join(exercises)}"'
    return f'<span class="hls-passed" {about}>{count}</span>' if exercises else ""


def body_of(cells: Sequence[Numbered], known: frozenset[str]) -> Iterator[str]:
    """The blocks of these cells; a reveal takes the readings that follow it into its fold."""
    waiting = list(cells)
    while waiting:
        number, cell = waiting.pop(0)
        if cell.cell_type == "markdown":
            yield for_site(cell.source, known)
            continue
        yield code(number, cell)
        shown = outputs(number, cell, known)
        if "reveal" in tags(cell):
            rest = ""
            while waiting and not rest and "read" in tags(waiting[0][1]):
                reading, rest = up_to_heading(waiting.pop(0)[1].source)
                shown += "\n\n" + for_site(reading, known)
            yield fold("hls-reveal", "What the run says", [shown])
            if rest:
                yield for_site(rest, known)
        elif shown:
            yield shown


def up_to_heading(source: str) -> tuple[str, str]:
    """What is said of the run above, and what begins under the first heading after it."""
    found = re.search(r"^#+ ", source, re.MULTILINE)
    at = found.start() if found else len(source)
    return source[:at].rstrip(), source[at:]


def code(number: int, cell: Any) -> str:
    """The cell's code, in sight or, where it only places content, for scripts alone."""
    kind = "recorded" if {"real", "live"} & set(tags(cell)) else "tab"
    about = f'class="hls-cell" data-cell="{number}" data-id="{lasting(cell)}" data-runs="{kind}"'
    if places_content(cell):
        source = escape(cell.source, quote=True).replace("\n", "&#10;")
        return f'<div {about} hidden data-source="{source}"></div>'
    return f'<div {about} markdown="1">\n\n{fenced(cell.source)}\n\n</div>'


def lasting(cell: Any) -> str:
    """A name of the cell for links, the same wherever the cell is moved to in its lesson."""
    return hashlib.sha256(cell.source.strip().encode()).hexdigest()[:8]


def outputs(number: int, cell: Any, known: frozenset[str]) -> str:
    """What the notebook stores of the cell, in a place that a run in the tab may fill anew."""
    shown = list(blocks(cell.outputs, number, known))
    if not shown:
        return ""
    inside = "\n\n".join(shown)
    return f'<div class="hls-outputs" data-of="{number}" markdown="1">\n\n{inside}\n\n</div>'


def places_content(cell: Any) -> bool:
    """Does the cell only name what stands below it: a quiz, a question? Its code is then noise."""
    bundles = (output.get("data", {}) for output in cell.outputs)
    return any(LESSON in b or "question" in b.get(PREDICTION, {}) for b in bundles)


def folded_deep(body: list[str]) -> Iterator[str]:
    """A deep part: its heading in sight, the rest behind one line."""
    heading, _, rest = body[0].partition("\n") if body[0].startswith("#") else ("", "", body[0])
    if heading:
        yield heading
    words = sum(len(part.split()) for part in [rest, *body[1:]] if not part.startswith("<"))
    minutes = max(1, round(words / 130))
    yield fold("hls-deep", f"Deeper: {minutes} min", [rest.strip(), *body[1:]])


def fold(kind: str, summary: str, body: Iterable[str]) -> str:
    """A closed `<details>` around these blocks."""
    inside = "\n\n".join(filter(None, body))
    opened = f'<details class="{kind}" markdown="1"><summary>{summary}</summary>'
    return f"{opened}\n\n{inside}\n\n</details>"


def number_of(about: Lesson) -> str:
    """What the lesson is called in the syllabus: M6; the tour is the start."""
    return "Start" if about.name.startswith("00") else about.id.upper()


def _lesson_link(need: str, known: frozenset[str]) -> str:
    name = next((name for name in known if name[:2] == f"{int(need[1:]):02d}"), "")
    return f"[{need.upper()}]({name}.md)" if name else need.upper()


def _depth(cell: Numbered) -> str:
    return "deep" if "deep" in tags(cell[1]) else "core"
