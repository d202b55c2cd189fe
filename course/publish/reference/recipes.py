"""What the recipes of vendors' documentation pass and fail under storm (`recipes.json`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from course.fieldtest.rules import RULES, Rule
from course.publish.reference.places import Places
from course.publish.reference.tables import table


def _kept() -> Mapping[str, Any]:
    text = files("course.fieldtest").joinpath("recipes.json").read_text("utf-8")
    kept: Mapping[str, Any] = json.loads(text)
    return kept


def recipes() -> str:
    """One row a recipe: how many parts of the storm it passes, and what it was found to do."""
    kept = _kept()
    head = ("recipe", "passes", "fails", "found", "run on")
    return table(head, (_row(each, kept["ran"]) for each in kept["recipes"]))


def _row(recipe: Mapping[str, Any], ran: str) -> tuple[str, ...]:
    found = "<br>".join(f"[{RULES[name].title}](#{name})" for name in recipe["findings"])
    about = f"{recipe['framework']}, {recipe['library']}"
    parts = (_parts(recipe["passed"]), _parts(recipe["failed"]))
    return about, *parts, found or "nothing", f"<time>{ran}</time>"


def _parts(names: Sequence[str]) -> str:
    """How many parts of the storm, and which, when somebody asks."""
    shown = ", ".join(name.replace("_", " ") for name in names)
    return f"<details><summary>{len(names)} parts</summary><small>{shown}</small></details>"


def findings(where: Places) -> str:
    """A section for each finding of the table: the rule, what it would mean, and the lesson."""
    found = {name for each in _kept()["recipes"] for name in each["findings"]}
    sections = (_section(name, rule, where) for name, rule in RULES.items() if name in found)
    return "\n\n".join(sections)


def _section(name: str, rule: Rule, where: Places) -> str:
    page, _, anchor = rule.lesson.partition("/#")
    shown = where.link(f"m{int(page.partition('_')[0])}", anchor)
    found = f"Found in: {', '.join(_with(name, _kept()['recipes']))}."
    return f"### {rule.title} {{ #{name} }}\n\n{rule.rule} {rule.means} {shown}.\n\n{found}"


def _with(name: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        f"{row['framework'].split()[0]} with {row['library'].split()[0]}"
        for row in rows
        if name in row["findings"]
    ]
