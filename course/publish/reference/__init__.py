"""The reference: pages made of the lessons' YAML and of the dated tables in `labs/`.

`site/reference/*.md` are the frames, written by hand; `parts` makes what they include. Each table
names the source of a row and the day on which it was read, and what is not confirmed says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.publish.authored import subjects
from course.publish.reference import (
    asked,
    choices,
    lines,
    recipes,
    rest,
    senders,
    spoken,
    take_home,
    words,
)
from course.publish.reference.places import places
from labs.lessons import Lesson


def parts(lessons: Mapping[Path, Lesson]) -> dict[str, str]:
    """Each generated part, by the name under which a frame includes it."""
    where = places(lessons)
    return {
        f"reference/{name}.md": text.rstrip() + "\n"
        for name, text in {
            "symptoms": asked.symptoms(where),
            "monday": asked.monday(where),
            "myths": asked.myths(where),
            "left-out": asked.left_out(where),
            "guide": choices.guide(),
            "tree": choices.tree(),
            "leaves": choices.leaves(where),
            "cases": choices.cases(),
            "senders": senders.overview(),
            "contracts": senders.contracts(),
            "schedules": senders.schedules(),
            "retries": senders.retries(),
            "returns": lines.returns(),
            "close-codes": lines.close_codes(),
            "agreed-codes": lines.agreed_codes(),
            "idle": lines.idle(),
            "heartbeats": lines.heartbeats(),
            "kernel": lines.kernel(),
            "raw-bodies": senders.raw_bodies(),
            "glossary": words.glossary(where),
            "tutor-up": spoken.up(),
            "tutor-context": spoken.context(),
            "tutor-down": spoken.down(),
            "tutor-states": spoken.states(),
            "tutor-closes": spoken.closes(),
            "tutor-errors": spoken.errors(),
            "tutor-limits": spoken.limits(),
            "tutor-interview": spoken.interview(),
            "tutor-model": spoken.model(),
            "recipes": recipes.recipes(),
            "recipe-parts": recipes.parts_by_recipe(),
            "recipe-findings": recipes.findings(where),
            **{f"take-home/{name}": take_home.source(name) for name in take_home.FILES},
            "rest": rest.rest(subjects(), where),
        }.items()
    }
