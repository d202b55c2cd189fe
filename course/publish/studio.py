"""The interview studio's pages: what is asked, in words for the eye and as JSON for the scripts.

`site/studio/*.md` are the frames, written by hand; this makes what they include. The pages read
without scripts too: what would give something away is folded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from course.publish import studio_records
from course.publish.pages import fold, number_of
from course.publish.reference.places import Places, places
from labs.lessons import Lesson
from labs.studio.prompts import Prompt, prompts, rubric
from labs.studio.questions import Question, questions

NO_SCRIPT = (
    "Without scripts this is a desk with paper on it: take a watch, write for 35 minutes, open "
    "one of the changes below at minute 18, and hold what you wrote against the folded lists."
)
Asked = Sequence[tuple[Lesson, Sequence[Question]]]


def files(
    root: Path, lessons: Mapping[Path, Lesson], notebooks: Mapping[Path, Any]
) -> dict[Path, str | bytes]:
    """What the pages include and their scripts fetch, by the path where it belongs."""
    where = places(lessons)
    cells = {path.stem: notebook.cells for path, notebook in notebooks.items()}
    asked = [(each, found) for each in where.lessons if (found := _questions(each))]
    made, parts = root / "site" / "assets" / "studio", root / "build" / "parts" / "studio"
    texts: dict[Path, str | bytes] = {
        parts / "prompts.html": cards(),
        parts / "rubric.md": dimensions(),
        parts / "questions.md": listed(asked),
        made / "questions.json": _json(all_questions(asked, where)),
    }
    for about in prompts():
        texts[parts / f"{about.id}.md"] = page(about, where, cells)
        texts[made / f"{about.id}.json"] = _json(studio_records.prompt(about, where, cells))
    return texts


def cards() -> str:
    """One card a prompt: what is to be designed, and the sentence that makes it hard."""
    items = (
        f'<li><a href="{each.id}/"><span class="hls-title">{escape(each.title)}</span>'
        f'<span class="hls-minutes">{escape(each.content["lead"])}</span></a></li>'
        for each in prompts()
    )
    return f'<ol class="hls-prompts">{"".join(items)}</ol>\n'


def dimensions() -> str:
    """The rubric as a table, with what each level is called and what caps the sum."""
    about = rubric()
    rows = [f"| **{each['title']}** | {each['asks']} |" for each in about["dimensions"]]
    levels = ", ".join(f"{number} {says}" for number, says in enumerate(about["levels"]))
    caps = [f"- **{flag['says']}** {flag['why']}" for flag in about["critical"]]
    return "\n\n".join(
        [
            f"Each dimension is worth 0 to 4: {levels}.",
            "\n".join(["| dimension | what it asks |", "|---|---|", *rows]),
            f"Five sentences cap the whole at {about['cap']} of 32, whatever else was said:",
            "\n".join(caps),
        ]
    )


def listed(asked: Asked) -> str:
    """Every question under its lesson, each with an anchor by which the desk can be opened."""
    parts = []
    for about, found in asked:
        items = (
            f'<li id="{each.id}"><a href="#{each.id}">{_coded(each.content["ask"])}</a></li>'
            for each in found
        )
        title = f"### {number_of(about)} · {about.title}"
        parts.append(f'{title}\n\n<ul class="hls-asked">{"".join(items)}</ul>')
    return "\n\n".join(parts) + "\n"


def all_questions(asked: Asked, where: Places) -> dict[str, Any]:
    """The questions of all lessons for the desk."""
    each = [
        studio_records.question(about, question, where)
        for about, found in asked
        for question in found
    ]
    return {"lead": rubric()["lead"], "minutes": 5, "questions": each}


def page(about: Prompt, where: Places, cells: studio_records.Cells) -> str:
    """A prompt's page: the brief, the desk, and folded what comes after it."""
    content = about.content
    asks = [fold("hls-asks", _coded(each["ask"]), [each["says"]]) for each in content["asks"]]
    desk = f'<div class="hls-studio" data-asks="{about.id}" markdown="1">'
    nexts = (studio_records.follow_up(each, where, cells) for each in content["follow_ups"])
    levels = [f"- **{name}**: {says}" for name, says in content["levels"].items()]
    return "\n\n".join(
        [
            f"# {about.title}",
            f"{content['lead']}\n{{ .hls-lead }}",
            "\n".join(f"> {line}" for line in content["brief"].splitlines()),
            "## Ask before you draw",
            "Open what you would have asked. What you do not ask, nobody tells you.",
            *asks,
            "## Your 35 minutes",
            f"{desk}\n\n{NO_SCRIPT}\n\n</div>",
            "## What comes at minute 18 { data-search-exclude }",
            "One of these two. Open it when the clock says so, or when you dare.",
            *(fold("hls-change", _coded(each.title), [each.says]) for each in about.changes),
            "## What a listener waits for { data-search-exclude }",
            *(_waits(about, each, where) for each in rubric()["dimensions"]),
            _flags(about, where),
            "## Asked next",
            "\n".join(f"- {_next(each)}" for each in nexts),
            "## What a level is heard by",
            "\n".join(levels),
            "## A model answer { data-search-exclude }",
            "One of many. Read it after your own; afterwards it sounds obvious.",
            _model(about),
        ]
    )


def _waits(about: Prompt, dimension: Mapping[str, str], where: Places) -> str:
    points = sorted(about.points, key=lambda point: point.level)
    lines = [
        f"- {_coded(point.says)} <small>{_level(point.level, point.lesson, where)}</small>"
        for point in points
        if point.dimension == dimension["id"]
    ]
    title = f"{dimension['title']} <small>{escape(dimension['asks'])}</small>"
    return fold("hls-waits", title, ["\n".join(lines)])


def _level(level: int, lesson: str, where: Places) -> str:
    return " · ".join(filter(None, [f"level {level}", _link(lesson, where)]))


def _flags(about: Prompt, where: Places) -> str:
    lines = []
    for flag in about.flags:
        cap = " It caps the whole." if flag.critical else ""
        link = f" <small>{_link(flag.lesson, where)}</small>" if _link(flag.lesson, where) else ""
        lines.append(f"- **{_coded(flag.says)}** {_coded(flag.why)}{cap}{link}")
    return fold("hls-waits", "Red flags", ["\n".join(lines)])


def _next(entry: Mapping[str, Any]) -> str:
    """A question asked next with the way to the lesson, and to the run that answers it."""
    says = [_coded(entry["ask"])]
    if lesson := entry["lesson"]:
        says.append(f'<a href="../../{lesson["address"]}">{escape(lesson["says"])}</a>.')
    if turn := entry["turn"]:
        says.append(f'<a href="../../{escape(turn)}">Turn it yourself</a>.')
        says.append(f"<small>{_coded(entry['look'])}</small>")
    return " ".join(says)


def _model(about: Prompt) -> str:
    later = [f"**When {_later(each.title)}.** {each.answer}" for each in about.changes]
    example = f"```text\n{about.content['drawing']['example'].rstrip()}\n```"
    inside = [about.content["answer"].strip(), *later, "Drawn in lines:", example]
    return fold("hls-model", "Read it now", inside)


def _later(title: str) -> str:
    return title[0].lower() + title[1:]


def _questions(about: Lesson) -> list[Question]:
    return questions(about.name, about.id, about.content.get("interview", ()))


def _link(lesson: str, where: Places) -> str:
    found = studio_records.place(lesson, where)
    return where.link(found.about.id, lesson.partition("#")[2]) if found else ""


def _coded(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
