"""The door `exercises`: what there is to solve, and where its cell lies."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from course.grading import places
from course.refusal import Refusal
from labs.exercises import progress
from labs.exercises.standing import standing


def main(arguments: Sequence[str]) -> int:
    """Print every exercise: id, title, lesson, notebook, and how far one is with it."""
    parser = argparse.ArgumentParser(prog="course exercises", description=main.__doc__)
    parser.add_argument("--json", action="store_true", help="as one list of objects")
    parser.add_argument("--hard", action="store_true", help="only those that took help")
    asked = parser.parse_args(arguments)
    rows = [row for row in listed() if row["hard"] or not asked.hard]
    if asked.json:
        print(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        print(f"{row['id']:<18} {row['state']:<26} {row['lesson']:<16} {row['title']}")
    return 0


def listed() -> list[dict[str, object]]:
    """A row an exercise; `notebook` is None where no lessons are at hand."""
    try:
        place: Path | None = places.folder()
    except Refusal:
        place = None
    rows = []
    for row in standing(progress.read()).rows:
        notebook = str(place / f"{row.lesson}.ipynb") if place is not None else None
        rows.append({**asdict(row), "notebook": notebook})
    return rows
