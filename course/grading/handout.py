"""The door `handout`: a repository for a class, with lessons and CI and without any solution.

Graders come from a pinned release, which CI installs; nothing of them is in the handout.
"""

import argparse
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from course.grading import places, reports
from course.grading.reset import with_starters
from course.refusal import Refusal

USAGE = 64
FILES = {  # what is handed out besides the lessons, and under which name
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "requirements.txt": "requirements.txt",
    "github.yml": ".github/workflows/exercises.yml",
    "gitlab.yml": ".gitlab-ci.yml",
}


def main(arguments: Sequence[str]) -> int:
    """Write a class repository into DIR, which must be new or empty."""
    parser = argparse.ArgumentParser(prog="course handout", description=main.__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--release", default=f"hook-line-socket[jupyter]=={reports.release()}")
    asked = parser.parse_args(arguments)
    target: Path = asked.folder
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise Refusal(f"{target} is not empty: name a new folder.", USAGE)
    lessons = hand_out(places.ROOT / "notebooks", target, asked.release)
    print(f"{target}: {lessons} lessons, graded by {asked.release}. Put it under git and push it.")
    return 0


def hand_out(shipped: Path, target: Path, release: str) -> int:
    """How many lessons were written into `target`, with CI that installs `release`."""
    notebooks = target / "notebooks"
    notebooks.mkdir(parents=True)
    lessons = sorted(shipped.glob("[0-9][0-9]_*.ipynb"))
    for path in lessons:
        (notebooks / path.name).write_bytes(with_starters(path.read_bytes()))
        beside = path.with_suffix(".yaml")
        (notebooks / beside.name).write_bytes(beside.read_bytes())
    for name, place in FILES.items():
        text = files("course.grading").joinpath("handed_out", name).read_text("utf-8")
        file = target / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("{{release}}", release), encoding="utf-8")
    return len(lessons)
