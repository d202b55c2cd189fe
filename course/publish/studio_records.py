"""What the scripts of the studio need to know, as JSON: prompts, questions, the ways to lessons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from course.publish.links import slug
from course.publish.pages import number_of
from course.publish.reference.places import Place, Places
from labs.lessons import Lesson
from labs.studio.prompts import Prompt, rubric
from labs.studio.questions import Question
from labs.studio.review import Asked, Point

Cells = Mapping[str, Any]  # a lesson's name -> the cells of its notebook
PANEL = r"knobs\(\s*{},"
SHARED = ("dimensions", "levels", "lead")


def prompt(about: Prompt, where: Places, cells: Cells) -> dict[str, Any]:
    """What a prompt's desk needs to know."""
    changes = [
        {
            "id": change.id,
            "title": change.title,
            "says": change.says,
            "points": [_point(point, where) for point in change.points],
        }
        for change in about.changes
    ]
    return {
        "id": about.id,
        "minutes": 35,
        "pace": rubric()["pace"],
        **{key: rubric()[key] for key in SHARED},
        "asked": _asked(about.asked(), where),
        "changes": changes,
        "needs": [asdict(need) for need in about.needs],
        "follow_ups": [follow_up(each, where, cells) for each in about.content["follow_ups"]],
        "heard_as": about.content["levels"],
    }


def question(about: Lesson, asked: Question, where: Places) -> dict[str, Any]:
    """What the desk needs to know of one question of a lesson."""
    content = asked.content
    page = f"lessons/{about.name}/#defend"
    return {
        "id": asked.id,
        "lesson": {"says": f"{number_of(about)} · {about.title}", "address": page},
        "ask": content["ask"],
        "asked": _asked(asked.asked, where),
        "heard_as": content["levels"],
        **{key: content[key] for key in ("follow_ups", "answer", "evidence")},
    }


def follow_up(entry: Mapping[str, Any], where: Places, cells: Cells) -> dict[str, Any]:
    """A question asked next, with the way to the heading and to the panel that answer it."""
    return {
        "ask": entry["ask"],
        "missing": entry.get("missing", ""),
        "lesson": address(entry["lesson"], where),
        "turn": _turned(entry, where, cells),
        "look": entry.get("look", ""),
    }


def address(lesson: str, where: Places) -> dict[str, str] | None:
    """Where a lesson's heading is on the site, and what to call it; None for one to come."""
    found = place(lesson, where)
    if found is None:
        return None
    anchor = slug(lesson.partition("#")[2])
    fragment = f"#{anchor}" if anchor in found.headings else ""
    says = found.headings.get(anchor, found.about.title)
    return {
        "says": f"{number_of(found.about)}: {says}",
        "address": f"lessons/{found.about.name}/{fragment}",
    }


def place(lesson: str, where: Places) -> Place | None:
    """The lesson of `06_liveness#anchor`, where the site has it."""
    name = lesson.partition("#")[0]
    return next((each for each in where.known.values() if each.about.name == name), None)


def _turned(entry: Mapping[str, Any], where: Places, cells: Cells) -> str:
    """The address at which a panel stands as the entry wants it; "" where there is no panel."""
    name = entry["lesson"].partition("#")[0]
    if "panel" not in entry or not place(entry["lesson"], where):
        return ""
    wanted = re.compile(PANEL.format(re.escape(entry["panel"])))
    numbers = [number for number, cell in enumerate(cells[name], 1) if wanted.search(cell.source)]
    turn = entry["turn"].replace(" ", "+")
    return f"lessons/{name}/#run={numbers[0]}&{turn}" if numbers else ""


def _asked(asked: Asked, where: Places) -> dict[str, Any]:
    flags = [{**asdict(flag), "lesson": address(flag.lesson, where)} for flag in asked.flags]
    points = [_point(point, where) for point in asked.points]
    return {**asdict(asked), "points": points, "flags": flags}


def _point(point: Point, where: Places) -> dict[str, Any]:
    return {**asdict(point), "lesson": address(point.lesson, where)}
