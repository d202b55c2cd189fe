"""Where a learner's code lies: the cells of the lessons' notebooks, or a file."""

import json
from pathlib import Path
from typing import Any

from course.refusal import Refusal
from labs.exercises.cells import MARK, Cell, find
from labs.exercises.exercise import Exercise
from labs.exercises.submission import Submission

ROOT = Path(__file__).resolve().parents[2]
USAGE = 64
LARGEST = 1_000_000  # bytes of a file that is read; a solution has a few thousand


def folder(asked: Path | None = None) -> Path:
    """The notebooks to look into: those asked for, else `work/`, else `notebooks/`.

    In a clone both are the clone's; from an installed wheel, those of the current folder.
    """
    if asked is not None:
        if not asked.is_dir():
            raise Refusal(f"{asked} is no folder.", USAGE)
        return asked
    root = ROOT if (ROOT / "requirements.txt").is_file() else Path.cwd()
    for name in ("work", "notebooks"):
        if any((root / name).glob("[0-9][0-9]_*.ipynb")):
            return root / name
    raise Refusal(f"There are no lessons in {root}: name their folder with --notebooks DIR.", USAGE)


def notebook_of(exercise: Exercise, place: Path) -> Path:
    """The notebook that holds the exercise's cell."""
    return place / f"{exercise.lesson}.ipynb"


def from_lessons(exercise: Exercise, place: Path) -> Submission | None:
    """What the lesson's notebook holds for the exercise; None where it holds nothing.

    A cell that was moved to another notebook of the folder is found there.
    """
    own = notebook_of(exercise, place)
    others = [path for path in sorted(place.glob("*.ipynb")) if path != own]
    for path in [own, *others]:
        found = find(exercise, cells(path)) if path.is_file() else None
        if found is not None and (path == own or MARK.match(found.source)):
            return found
    return None


def from_file(exercise: Exercise, path: Path) -> Submission:
    """What a file holds: Python, or a notebook. Raises Refusal (64) for what cannot be read."""
    text = read(path)
    if path.suffix != ".ipynb":
        return Submission(text, path.name)
    found = find(exercise, cells(path))
    if found is None:
        raise Refusal(f"{path} has no cell that begins with `# exercise: {exercise.id}`.", USAGE)
    return found


def read(path: Path) -> str:
    """The text of a file; Refusal (64) with the reason where there is none."""
    try:
        if path.is_dir():
            raise Refusal(f"{path} is a folder; name a file.", USAGE)
        if (size := path.stat().st_size) > LARGEST:
            raise Refusal(f"{path} has {size:,} bytes; a solution has a few thousand.", USAGE)
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path} is not text in UTF-8.", USAGE) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.", USAGE) from None
    if "\0" in text:
        raise Refusal(f"{path} is binary; name a file with Python in it.", USAGE)
    return text


def cells(path: Path) -> list[Cell]:
    """The code cells of a notebook, with their numbers. Raises Refusal (64)."""
    try:
        notebook: Any = json.loads(path.read_bytes())
        numbered = enumerate(notebook["cells"], 1)
        return [Cell(n, _source(cell)) for n, cell in numbered if cell["cell_type"] == "code"]
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.", USAGE) from None
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{path} is not a notebook that can be read.", USAGE) from None


def _source(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
