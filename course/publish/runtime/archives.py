"""The course and its packages as archives for the tab.

The packages are those of this environment, so that both sides run the same versions: their Python
files alone, since each of them works without its compiled part. The course comes without graders
and without solutions: each lies in an archive of its own, fetched when it is asked for.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LABS = ROOT / "labs"
EXERCISES = LABS / "exercises"
RUN_ON = ("websockets", "aiohttp", "h11", "PyYAML")  # what the labs run on
UNDER_AIOHTTP = ("multidict", "yarl", "frozenlist", "propcache", "aiosignal", "aiohappyeyeballs")
PACKAGES = (*RUN_ON, *UNDER_AIOHTTP, "attrs", "idna", "typing_extensions")
NOTICES = ("LICEN", "NOTICE", "COPYING")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes from the same files


def packages(target: Path) -> None:
    """Every Python file of the packages, and each package's licence."""
    write(target, sorted(each for name in PACKAGES for each in _of_package(name)))


def labs(target: Path) -> None:
    """The laboratory without what judges a single exercise, without widgets and the studio."""
    files = (file for file in _files(LABS) if not _apart(file))
    write(target, [(file.relative_to(ROOT).as_posix(), file) for file in files])


def graders(folder: Path) -> list[str]:
    """An archive for each exercise's grader and one for each official solution; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(place.parent.name for place in EXERCISES.glob("*/exercise.yaml"))
    for name in names:
        place = EXERCISES / name
        judged = [f for f in _files(place) if not {"right", "wrong"} & set(f.parts)]
        write(folder / f"{name}.zip", [(f.relative_to(ROOT).as_posix(), f) for f in judged])
        for kind in ("right", "wrong"):
            chosen = [(f.relative_to(ROOT).as_posix(), f) for f in _shown(place, kind)]
            write(folder / f"{name}.{kind}.zip", chosen)
    return names


def write(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """A zip of these files under these names; the same files make the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), file.read_bytes(), zipfile.ZIP_DEFLATED)


def _shown(place: Path, kind: str) -> list[Path]:
    """Of the right solutions the official one, of the wrong ones the one to spot."""
    from labs.exercises.exercise import exercise

    about = exercise(place.name.replace("_", ".", 1))
    name = about.official["file"] if kind == "right" else about.spot["wrong"]
    return [place / kind / f"{name}.py"]


def _of_package(name: str) -> Iterator[tuple[str, Path]]:
    for file in metadata.files(name) or ():
        place = file.as_posix()
        if place.endswith(".py") and not place.startswith(".."):
            yield place, Path(str(file.locate()))
        elif file.name.upper().startswith(NOTICES):
            yield f"licences/{name}/{file.name}", Path(str(file.locate()))


def _apart(file: Path) -> bool:
    inside = file.relative_to(LABS).parts
    # A folder without a task is what graders share.
    exercise = inside[0] == "exercises" and (EXERCISES / inside[1] / "exercise.yaml").is_file()
    return exercise or inside[0] in ("widgets", "studio")


def _files(folder: Path) -> Iterator[Path]:
    every = sorted(folder.rglob("*"))
    return (f for f in every if f.is_file() and "__pycache__" not in f.parts)
