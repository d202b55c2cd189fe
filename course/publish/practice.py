"""The pages of practice: the cards in every form, and the rows that a reader's progress fills."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from course.publish.anki import package
from course.publish.cards import Card, as_csv, as_json, cards, identity, titled
from labs.lessons import Lesson

Exercises = Mapping[str, Sequence[str]]  # lesson -> ids


def files(root: Path, lessons: Sequence[Lesson], exercises: Exercises) -> dict[Path, str | bytes]:
    """What these pages and their scripts are made of, by the path where it belongs."""
    found = cards(lessons)
    made, parts = root / "site" / "assets" / "cards", root / "build" / "parts"
    return {
        made / "cards.json": as_json(found),
        made / "cards.csv": as_csv(found),
        made / "hook-line-socket.apkg": package(found, changed(root / "notebooks")),
        parts / "cards.md": listed(found),
        parts / "progress.html": rows(lessons, exercises),
    }


def listed(found: Sequence[Card]) -> str:
    """Every card, folded under its lesson, for the eye and for a reader without scripts."""
    lessons = dict.fromkeys((card.title, card.name) for card in found if not card.asked)
    parts = []
    for title, name in lessons:
        mine = [card for card in found if card.name == name and not card.asked]
        folds = "\n\n".join(map(_fold, mine))
        head = f"<summary>{escape(title)} · {len(mine)} cards</summary>"
        parts.append(
            f'<details class="hls-deck" data-search-exclude markdown="1">{head}\n\n{folds}\n\n'
            f"[The lesson](../lessons/{name}.md)\n\n</details>"
        )
    return "\n\n".join(parts) + "\n"


def rows(lessons: Sequence[Lesson], exercises: Exercises) -> str:
    """One row a lesson: what there is to do; a script fills in how much of it is done."""
    return '<ol class="hls-rows">' + "".join(_row(each, exercises) for each in lessons) + "</ol>\n"


def changed(folder: Path) -> int:
    """When the cards last changed, in Unix time: of the last commit, else of the newest file."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    git = ["git", "log", "-1", "--format=%ct", "--", "*.yaml"]
    try:
        said = subprocess.run(git, cwd=folder, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        said = ""
    newest = max((file.stat().st_mtime for file in folder.glob("*.yaml")), default=0)
    return int(said.strip() or newest)


def _fold(card: Card) -> str:
    return (
        f'<details class="hls-answer" markdown="1"><summary markdown="span">{card.front}</summary>'
        f"\n\n{card.back}\n\n*{card.source}*\n\n</details>"
    )


def _row(about: Lesson, exercises: Exercises) -> str:
    mine = exercises.get(about.name, ())
    asked = [identity(about, item["ask"]) for item in about.content.get("quiz", ())]
    parts = [
        _part("exercises", len(mine), "exercise"),
        _part("quiz", len(asked), "question", json.dumps(asked)),
        _part("cards", len(about.content.get("cards", ())), "card"),
    ]
    return (
        f'<li data-lesson="{about.name}" data-id="{about.id}" data-exercises="{" ".join(mine)}">'
        f'<a href="../../lessons/{about.name}/">{escape(titled(about))}</a>{"".join(parts)}'
        '<ul class="hls-each"></ul><p class="hls-read"></p></li>'
    )


def _part(kind: str, whole: int, noun: str, asked: str = "") -> str:
    if not whole:
        return ""
    ids = f' data-asked="{escape(asked)}"' if asked else ""
    words = f"{whole} {noun if whole == 1 else noun + 's'}"
    return (
        f'<p class="hls-part" data-part="{kind}" data-whole="{whole}"{ids}>'
        f"<b>{kind.capitalize()}</b> <span>{words}</span></p>"
    )
