"""What a page answers before Python is there: each panel of a lesson at the stops of its knobs.

A process of its own runs a lesson's cells as the reader's tab does, and turns each panel to every
combination of its stops. What came out lies in a folder of the site, named after its content:

<lesson>-<digest>/<cell>.turns    each combination: figures, goals, the name of its picture
                  <name>.picture  a picture with its text and its run; equal ones are one file

Both are JSON in gzip, since not every host compresses what it serves.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from course.publish import notebook
from course.publish.budgets import PLACED
from course.publish.outputs import attribute
from course.publish.runtime import archives
from course.publish.stops import combinations, stops

ROOT = Path(__file__).resolve().parents[2]
OURS = ("grids.py", "stops.py", "runtime/tab.py")
APART = {"exercises", "widgets", "studio", "__pycache__"}  # of the labs, what no panel is made of
NO_PART = {*PLACED, "check", "exercise", "spot"} - {"setup"}  # cells that no panel needs
RECORD = "grid.json"
RUN = "application/vnd.hook-line-socket.run+json"
LONGEST_RUN = 20_000  # characters of JSON: a longer run is drawn, and stepped through after a Run
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Grid:
    """A lesson's panels at their stops: where the files are, and the stops of each, by cell."""

    place: Path
    stops: Mapping[str, Mapping[str, Sequence[Any]]]
    trouble: str = ""

    @property
    def files(self) -> list[str]:
        """What the site serves."""
        return sorted(file.name for file in self.place.glob("*") if file.name != RECORD)

    @property
    def element(self) -> str:
        """The element by which the page's scripts find it; nothing where there is no panel."""
        if not self.stops:
            return ""
        known = f"data-folder=\"{self.place.name}\" data-stops='{attribute(self.stops)}'"
        return f'\n<div hidden class="hls-grid" {known}></div>\n'


def brought_up_to_date(lessons: Sequence[Path], cache: Path) -> dict[Path, Grid]:
    """The grid of each notebook; what was made from the same sources before is kept."""
    shared = fingerprint()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        grids = pool.map(lambda path: _grid(path, cache, shared), lessons)
        return dict(zip(lessons, grids, strict=True))


def fingerprint() -> str:
    """What every grid is made from, as a short digest: the labs and what they run on, and this."""
    whole = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    inside = (file for file in archives.LABS.rglob("*") if file.is_file())
    labs = sorted(file for file in inside if not APART & set(file.parts))
    for file in (*labs, *(Path(__file__).resolve().parent / name for name in OURS)):
        whole.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    for name in archives.PACKAGES:
        whole.update(f"{name}=={metadata.version(name)}".encode())
    return whole.hexdigest()[:12]


def _grid(path: Path, cache: Path, shared: str) -> Grid:
    digest = _made_from(path, shared)
    for record in sorted(cache.glob(f"{path.stem}-*/{RECORD}")):
        known = json.loads(record.read_text("utf-8"))
        if known["made_from"] == digest:
            return Grid(record.parent, known["stops"])
    return _made(path, cache, digest)


def _made(path: Path, cache: Path, digest: str) -> Grid:
    cache.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=cache, prefix="."))  # somebody else may make it too
    try:
        if trouble := _turned(path, half):
            return Grid(half, {}, trouble)
        known = json.loads((half / RECORD).read_text("utf-8"))
        (half / RECORD).write_text(json.dumps({"made_from": digest, **known}), encoding="utf-8")
        target = cache / f"{path.stem}-{known['content']}"
        if target.is_dir():  # the same turns from other sources
            (half / RECORD).replace(target / RECORD)
        else:
            half.replace(target)
        for stale in set(cache.glob(f"{path.stem}-*")) - {target}:
            shutil.rmtree(stale, ignore_errors=True)
        return Grid(target, known["stops"])
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _made_from(path: Path, shared: str) -> str:
    """What this grid is made from besides: the lesson's code, its data, the modules beside it."""
    cells = [[cell.source, notebook.tags(cell)] for cell in notebook.read(path).cells]
    whole = hashlib.sha256(f"{shared}{cells}".encode())
    for file in (path.with_suffix(".yaml"), *sorted(path.parent.glob("*.py"))):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


def _turned(path: Path, folder: Path) -> str:
    """Fills the folder in a process of its own; what went wrong, in one line."""
    command = [sys.executable, "-m", "course.publish.grids", str(path.resolve()), str(folder)]
    here = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": here}
    try:
        done = subprocess.run(
            command, cwd=path.parent, env=environment, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it ran longer than {SECONDS} s"
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it ended"])[-1]


def panels(path: Path) -> Iterator[tuple[int, Any]]:
    """Runs the lesson's cells in this process and yields each panel with its cell's number.

    Raises: NotebookError for a cell that raises.
    """
    from course.publish.runtime import tab
    from labs.panel import Panel

    for number, cell in enumerate(notebook.read(path).cells, 1):
        kinds = set(notebook.tags(cell))
        if cell.cell_type != "code" or kinds & NO_PART:
            continue
        if kinds & {"real", "live"}:
            tab.define(cell.source)
            continue
        said = json.loads(asyncio.run(tab.run_cell(f"{number}", cell.source)))
        if said["error"]:
            raise notebook.NotebookError(f"cell {number}: {said['error'].strip().splitlines()[-1]}")
        if isinstance(panel := tab.shown[f"{number}"], Panel):
            yield number, panel


def main(path: Path, folder: Path) -> None:
    """Turns each panel of the lesson and writes what came out."""
    known: dict[str, dict[str, list[Any]]] = {}
    digest = hashlib.sha256()
    for number, panel in panels(path):
        known[f"{number}"] = stops(panel.controls)
        turns = [_turn(panel, each, folder) for each in combinations(known[f"{number}"])]
        text = json.dumps(turns, separators=(",", ":"), ensure_ascii=False)
        _pack(folder / f"{number}.turns", text)
        digest.update(text.encode())
    digest.update(json.dumps(known).encode())
    record = {"content": digest.hexdigest()[:8], "stops": known}
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")


def _turn(panel: Any, positions: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    turn = panel.turn(**positions)
    shown = dict(turn.shown)
    if len(json.dumps(shown.get(RUN))) > LONGEST_RUN:
        del shown[RUN]
    said: dict[str, Any] = {"figures": [*turn.figures.items()], "reached": list(turn.reached)}
    if turn.trouble:
        return {**said, "trouble": turn.trouble}
    text = json.dumps(shown, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    if not (file := folder / f"{name}.picture").is_file():
        _pack(file, text)
    return {**said, "picture": name}


def _pack(file: Path, text: str) -> None:
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
