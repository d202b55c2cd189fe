"""The door `reset`: a lesson, or one exercise, as it was handed out.

What the learner had is kept beside it, never overwritten.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.grading import places
from course.refusal import Refusal
from course.server.work import free_name, put
from labs.exercises import progress
from labs.exercises.cells import Cell
from labs.exercises.exercise import Exercise, ExerciseError, everything, exercise

USAGE = 64


def main(arguments: Sequence[str]) -> int:
    """Restore a lesson (06) or an exercise (m6.heartbeat); its old version is put beside it."""
    parser = argparse.ArgumentParser(prog="course reset", description=main.__doc__)
    parser.add_argument("what", metavar="NN | ID", help="a lesson or an exercise")
    parser.add_argument("--notebooks", type=Path, metavar="DIR", help="where the lessons lie")
    asked = parser.parse_args(arguments)
    place = places.folder(asked.notebooks)
    said = (
        reset_exercise(asked.what, place) if "." in asked.what else reset_lesson(asked.what, place)
    )
    print("\n".join(said))
    return 0


def reset_lesson(name: str, place: Path) -> list[str]:
    """What was done, in sentences. Raises Refusal where there is no such lesson."""
    found = sorted(path for path in place.glob(f"{name}*.ipynb") if _is_lesson(path, name))
    if len(found) != 1:
        lessons = sorted(path.stem for path in place.glob("[0-9][0-9]_*.ipynb"))
        known = ", ".join(stem for stem in lessons if "." not in stem)
        raise Refusal(f"There is no lesson {name} in {place.name}/; there are: {known}.", USAGE)
    target = found[0]
    shipped = places.ROOT / "notebooks" / target.name
    if shipped.is_file() and shipped.resolve() != target.resolve():
        fresh = shipped.read_bytes()
    else:
        fresh = with_starters(target.read_bytes())
    mine = [one.id for one in everything() if one.lesson == target.stem]
    progress.forget(*mine)
    return [*_replaced(target, fresh), *([f"Forgotten: {', '.join(mine)}."] if mine else [])]


def reset_exercise(id: str, place: Path) -> list[str]:  # noqa: A002 - the learner's word
    """The same for one exercise: its cell holds the starter again."""
    try:
        about = exercise(id)
    except ExerciseError as error:
        raise Refusal(f"{str(error)[:1].upper()}{str(error)[1:]}.", USAGE) from None
    progress.forget(about.id)
    target = places.notebook_of(about, place)
    if not target.is_file():
        return [f"{target.name} is not in {place.name}/; forgotten: {about.id}."]
    said = _replaced(target, with_starters(target.read_bytes(), [about]))
    return [*said, f"Forgotten: {about.id}."]


def with_starters(content: bytes, only: Sequence[Exercise] | None = None) -> bytes:
    """A notebook in which the cells of these exercises (of all) hold their starters.

    Cells are found by the id in their first line; outputs that spoke of the learner's code are
    dropped, and such a `check` cell is marked for validation to leave its output alone.
    """
    starters = {one.id: one.starter for one in (everything() if only is None else only)}
    notebook: dict[str, Any] = json.loads(content)
    changed: set[str] = set()
    for cell in notebook["cells"]:
        found = Cell(0, "".join(cell["source"])) if cell["cell_type"] == "code" else None
        if found is None or found.exercise not in starters:
            continue
        starter = starters[found.exercise].rstrip("\n")
        if found.source.rstrip() != starter:
            changed.add(found.exercise)
            cell["source"] = starter.splitlines(keepends=True)
            cell["outputs"] = []
    if not changed:
        return content
    for cell in notebook["cells"]:
        _forget_output(cell, changed)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _forget_output(cell: dict[str, Any], changed: set[str]) -> None:
    tags = cell.get("metadata", {}).get("tags", [])
    if "check" in tags and any(name in "".join(cell["source"]) for name in changed):
        cell["outputs"] = []
        cell["metadata"]["tags"] = [*tags, "nbval-ignore-output"]


def _is_lesson(path: Path, name: str) -> bool:
    return "." not in path.stem and name in (path.stem, path.stem.partition("_")[0])


def _replaced(target: Path, fresh: bytes) -> list[str]:
    old = target.read_bytes()
    if old == fresh:
        return [f"{target.name} is as it was handed out."]
    kept = free_name(target.parent, target.name, old, "old")
    put(kept, old)
    put(target, fresh)
    return [f"{target.name} is as it was handed out; what you had is {kept.name}, beside it."]
