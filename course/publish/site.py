"""The site: lesson pages written into `site/lessons/`, then everything built by MkDocs.

`write_pages` is what a MkDocs hook and the tests call too; a file whose text did not change is
not touched, so that `mkdocs serve` does not build for ever.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from course.publish import grids, home, notebook, passages, practice, reference, studio, ways
from course.publish.pages import page
from course.publish.runtime.build import NotBuilt, Runtime, brought_up_to_date
from course.refusal import Refusal
from labs.lesson_schema import LessonError
from labs.lessons import Lesson, lesson
from labs.websocket import disagreements

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".course" / "runtime"
GRIDS = ROOT / ".course" / "grids"


class SiteError(Refusal):
    """The site could not be built; the text is what the builder printed, or the lesson's fault."""


def write_pages(root: Path = ROOT) -> list[Path]:
    """Writes a page for each notebook, and the parts of the home page that depend on them."""
    paths = notebook.files(root / "notebooks")
    lessons = {path: lesson(path.stem, path.parent) for path in paths}
    known = [path.stem for path in paths]
    folder, parts = root / "site" / "lessons", root / "build" / "parts"
    runtime = _runtime(root) if lessons else None
    panels = _panels(root, paths)
    notebooks = {path: notebook.read(path) for path in paths}
    exercises = {path.stem: notebook.exercises(each) for path, each in notebooks.items()}
    texts: dict[Path, str | bytes] = {
        folder / f"{path.stem}.md": page(notebooks[path], about, known, runtime) + panels[path]
        for path, about in lessons.items()
    }
    for path in paths:  # a lesson that runs in the tab reads its data there
        texts[folder / f"{path.stem}.yaml"] = path.with_suffix(".yaml").read_text("utf-8")
    for file in ("wire_view.js", "wire_view.css"):  # the same wire view as in JupyterLab
        view = files("labs.widgets").joinpath(file).read_text("utf-8")
        texts[root / "site" / "assets" / "wire" / file] = view
    texts[folder / "index.md"] = home.contents(list(lessons.values()), exercises)
    for stale in {*folder.glob("*.md"), *folder.glob("*.yaml")} - set(texts):
        stale.unlink()
    referred = reference.parts(lessons)
    included = _home(list(lessons.values()), exercises) | referred
    texts |= {parts / name: text for name, text in included.items()}
    texts[root / "site" / "tutor" / "passages.json"] = passages.as_json(root, lessons, referred)
    texts |= practice.files(root, list(lessons.values()), exercises)
    texts |= studio.files(root, lessons, notebooks)
    for path, text in texts.items():
        _write(path, text)
    return sorted(texts)


def _home(lessons: Sequence[Lesson], exercises: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the pages include of the lessons as a whole."""
    return {
        "lessons.html": home.cards(lessons, exercises),
        "first.html": home.first(lessons),
        "hero.html": home.hero(),
        "disagreements.md": disagreements.table(),
        "paths.html": ways.cards(lessons),
        "paths.md": ways.page(lessons),
    }


def _runtime(root: Path) -> Runtime | None:
    """Python for the tab, put where the site serves it; None, and a sentence, without Node.js."""
    try:
        built = brought_up_to_date(CACHE / "built", CACHE)
    except NotBuilt as error:
        print(error, file=sys.stderr, flush=True)
        return None
    folder = CACHE / "built" / built.folder
    _serve(root / "site" / "assets" / "runtime", {folder: built.files})
    return built


def _panels(root: Path, paths: list[Path]) -> dict[Path, str]:
    """What each page knows of its panels' turns, which are put where the site serves them."""
    made = grids.brought_up_to_date(paths, GRIDS)
    for path, grid in made.items():
        if grid.trouble:
            print(f"{path.stem}: its knobs wait for a Run ({grid.trouble}).", file=sys.stderr)
    served = {grid.place: grid.files for grid in made.values() if grid.files}
    _serve(root / "site" / "assets" / "grids", served)
    return {path: grid.element for path, grid in made.items()}


def _serve(target: Path, folders: Mapping[Path, Iterable[str]]) -> None:
    """Puts these folders' files below the target, and removes what is there besides."""
    names = {folder.name for folder in folders}
    for stale in target.glob("*"):
        if stale.name not in names:
            shutil.rmtree(stale)
    for folder, inside in folders.items():
        for name in inside:
            place = target / folder.name / name
            if not place.is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / name, place)


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


def _write(path: Path, content: str | bytes) -> None:
    whole = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != whole:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole)
