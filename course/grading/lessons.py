"""Runs the lessons around a learner's code: an exercise may fail, the cells around it may not."""

from __future__ import annotations

from pathlib import Path


def troubles(place: Path) -> dict[str, str]:
    """By lesson, what its cells raise when they are run from the top; "" where nothing does.

    Exercise cells may hold anything, a syntax error too: what they are worth is for the graders.
    """
    from course.publish import notebook

    return {path.stem: _trouble(path) for path in notebook.files(place)}


def _trouble(path: Path) -> str:
    from course.publish import notebook

    lesson = notebook.read(path)
    for cell in lesson.cells:
        if "exercise" in notebook.tags(cell) or cell.source.lstrip().startswith("# exercise:"):
            cell.metadata.tags = [*notebook.tags(cell), "raises-exception"]
    try:
        notebook.run(lesson, path.parent)
    except notebook.NotebookError as error:
        return str(error)
    return ""
