"""The site: lesson pages written into `site/lessons/`, then everything built by MkDocs.

`write_pages` is what a MkDocs hook and the tests call too; a file whose text did not change is
not touched, so that `mkdocs serve` does not build for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from course.publish import home, notebook
from course.publish.pages import page
from course.refusal import Refusal
from labs.lesson_schema import LessonError
from labs.lessons import lesson
from labs.websocket import disagreements

ROOT = Path(__file__).resolve().parents[2]


class SiteError(Refusal):
    """The site could not be built; the text is what the builder printed, or the lesson's fault."""


def write_pages(root: Path = ROOT) -> list[Path]:
    """Writes a page for each notebook, and the parts of the home page that depend on them."""
    paths = notebook.files(root / "notebooks")
    lessons = {path: lesson(path.stem, path.parent) for path in paths}
    known = [path.stem for path in paths]
    folder, parts = root / "site" / "lessons", root / "build" / "parts"
    texts = {
        folder / f"{path.stem}.md": page(notebook.read(path), about, known)
        for path, about in lessons.items()
    }
    texts[folder / "index.md"] = home.contents(list(lessons.values()))
    for stale in set(folder.glob("*.md")) - set(texts):
        stale.unlink()
    texts[parts / "lessons.html"] = home.cards(list(lessons.values()))
    texts[parts / "first.html"] = home.first(list(lessons.values()))
    texts[parts / "hero.html"] = home.hero()
    texts[parts / "disagreements.md"] = disagreements.table()
    for path, text in texts.items():
        _write(path, text)
    return sorted(texts)


def build(destination: Path, root: Path = ROOT, *, builder: str = "mkdocs") -> None:
    """Builds the whole site into `destination`, strictly; raises SiteError with what is wrong."""
    try:
        write_pages(root)
    except LessonError as error:
        raise SiteError(str(error)) from None
    command = [sys.executable, "-m", builder, "build", "--strict"]
    if builder == "mkdocs":
        # Not --quiet: it silences the warnings that --strict counts.
        command += ["--site-dir", str(destination.resolve())]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SiteError(f"{done.stdout}{done.stderr}".strip())


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
