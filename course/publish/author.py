"""`python3 -m course author [--write] [NN ...]`: the gate that a lesson passes before a learner.

Without `--write` nothing changes: each notebook is run in a fresh kernel and held against the
checks. With it, the notebook is run, stored with what it put out, run again, and then held
against the checks; so nobody edits outputs by hand. Then every grader is handed every solution.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from course.publish import claims, graders, notebook
from course.publish.budgets import prose_words
from course.publish.checks import problems
from course.publish.ran import Ran
from labs.lesson_schema import LessonError
from labs.lessons import Lesson, lesson


def main(argv: Sequence[str], folder: Path = notebook.NOTEBOOKS) -> int:
    """Runs the gate over the lessons named, or over all; 0 when nothing is to be put right."""
    asked = _options(argv)
    paths = notebook.files(folder, asked.lessons)
    if not paths:
        print(f"no lesson {' '.join(asked.lessons) or 'at all'} in {folder.name}/")
        return 64 if asked.lessons else 0
    refused = [path.stem for path in paths if not passes(path, write=asked.write)]
    for sentence in shared_ids(notebook.files(folder)):
        print(f"REFUSED {sentence}")
        refused.append(sentence)
    if folder == notebook.NOTEBOOKS and graders.refused(asked.lessons, write=asked.write):
        refused.append("exercises")
    if refused:
        print(f"\nrefused: {', '.join(refused)}")
    return 1 if refused else 0


def passes(path: Path, *, write: bool) -> bool:
    """Prints what the gate has to say about one lesson, and whether it was nothing."""
    try:
        about = lesson(path.stem, path.parent)
        if write:
            notebook.write(notebook.run(notebook.read(path), path.parent).notebook, path)
        found = examined(path, about)
    except (LessonError, notebook.NotebookError) as error:
        found = [str(error)]
    print(f"{path.stem}: {report(path)}")
    for sentence in found:
        print(f"  REFUSED {sentence}")
    return not found


def shared_ids(paths: Sequence[Path]) -> Iterator[str]:
    """One sentence for each id that two lessons give themselves."""
    owners: dict[str, str] = {}
    for path in paths:
        with suppress(LessonError):
            mine = lesson(path.stem, path.parent).id
            if (other := owners.setdefault(mine, path.stem)) != path.stem:
                yield f"the id {mine} belongs to both {other} and {path.stem}"


def examined(path: Path, about: Lesson) -> list[str]:
    """What is to be put right in the lesson at `path`, after running it from the top."""
    stored = notebook.read(path)
    ran = notebook.run(stored, path.parent, asked=claims.request(about.content["claims"]))
    found = problems(Ran(about, stored, ran.notebook, ran.printed))
    try:
        notebook.run(stored, path.parent, keep="core")
    except notebook.NotebookError as error:
        found.append(f"core: without the deep cells, {error}")
    return found


def report(path: Path) -> str:
    """One line of figures about a stored lesson; they are the author's to judge."""
    stored = notebook.read(path)
    tags = Counter(tag for cell in stored.cells for tag in notebook.tags(cell))
    code = sum(cell.cell_type == "code" for cell in stored.cells)
    words = f"{prose_words(stored)} words of prose, {prose_words(stored, 'core')} of them core"
    figures = f"{len(stored.cells)} cells, {code} code, {tags['core']} core; {words}"
    try:
        loose = claims.unclaimed(lesson(path.stem, path.parent).content["claims"], stored)
    except LessonError:
        return figures
    return f"{figures}; numbers without a claim: {', '.join(loose) or 'none'}"


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="course author", description=main.__doc__)
    parser.add_argument("--write", action="store_true", help="run the notebooks and store them")
    parser.add_argument("lessons", nargs="*", metavar="NN", help="such as 06; all when left out")
    return parser.parse_args(argv)
