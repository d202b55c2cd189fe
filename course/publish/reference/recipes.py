"""What the recipes of vendors' documentation pass and fail under storm (`recipes.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from course.fieldtest.catalogue import CATALOGUE
from course.fieldtest.rules import RULES, Rule
from course.publish.reference.places import Places
from course.publish.reference.tables import NOTHING, table


def _kept() -> Mapping[str, Any]:
    text = files("course.fieldtest").joinpath("recipes.json").read_text("utf-8")
    kept: Mapping[str, Any] = json.loads(text)
    return kept


def recipes() -> str:
    """One row a recipe: how many parts of the storm it passes, and what it was found to do."""
    kept = _kept()
    rows = table(("recipe", "passes", "found"), map(_row, kept["recipes"]))
    return f'{rows}\n\n<p class="hls-sources">Run on <time>{kept["ran"]}</time>.</p>'


def _row(recipe: Mapping[str, Any]) -> tuple[str, ...]:
    found = "<br>".join(f"[{RULES[name].title}](#{name})" for name in recipe["findings"])
    passed, failed = len(recipe["passed"]), len(recipe["failed"])
    about = f"{recipe['framework']}, {recipe['library']}"
    return about, f"{passed} of {passed + failed}", found or "nothing"


def parts_by_recipe() -> str:
    """One row for each part of the storm: which recipes pass it, fail it, or have no such part."""
    rows = _kept()["recipes"]
    known = [p.id for p in CATALOGUE if any(p.id in (*r["passed"], *r["failed"]) for r in rows)]
    head = ("part of the storm", *(_short(row).replace(" with ", "<br>") for row in rows))
    return table(
        head, ((name.replace("_", " "), *(_mark(name, r) for r in rows)) for name in known)
    )


def _mark(name: str, recipe: Mapping[str, Any]) -> str:
    if name in recipe["failed"]:
        return "**fails**"
    return "passes" if name in recipe["passed"] else NOTHING


def findings(where: Places) -> str:
    """A section for each finding of the table: the rule, what it would mean, and the lesson."""
    found = {name for each in _kept()["recipes"] for name in each["findings"]}
    sections = (_section(name, rule, where) for name, rule in RULES.items() if name in found)
    return "\n\n".join(sections)


def _section(name: str, rule: Rule, where: Places) -> str:
    page, _, anchor = rule.lesson.partition("/#")
    shown = where.link(f"m{int(page.partition('_')[0])}", anchor)
    rows = [row for row in _kept()["recipes"] if name in row["findings"]]
    found = f"Found in: {', '.join(map(_short, rows))}."
    return f"### {rule.title} {{ #{name} }}\n\n{rule.rule} {rule.means} {shown}.\n\n{found}"


def _short(recipe: Mapping[str, Any]) -> str:
    return f"{recipe['framework'].split()[0]} with {recipe['library'].split()[0]}"
