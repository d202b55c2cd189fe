"""The tutor's faces, built into a finished site: what is fetched with the panel, and on a question.

assets/tutor.json            which tutor there is, and where the rest lies
assets/tutor/<digest>/       markdown.js (the panel's), notebook.js (JupyterLab's panel), and for
                             the tab: worker.mjs, answering.zip (with tab.py), passages.json

Without Node.js the panel shows answers as plain paragraphs, and there is no tutor in the tab.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.publish.runtime import archives, build, node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CACHE = ROOT / ".course" / "runtime"
TUTOR = ROOT / "course" / "tutor"
PASSAGES = "tutor/passages.json"
HOSTED = "TUTOR_URL"  # where a tutor with accounts is served, when this site is not
BUNDLES = {"markdown.js": HERE / "markdown.mjs", "notebook.js": TUTOR / "notebook" / "panel.mjs"}
PYTHON = (*build.CORE, "stdlib.zip", "python.mjs")  # of the runtime, what the tutor needs


def placed(site: Path) -> dict[str, Any]:
    """Puts everything into the built site; what comes back is what tutor.json says."""
    half = site / "assets" / "tutor" / "half"
    shutil.rmtree(half.parent, ignore_errors=True)
    half.mkdir(parents=True)
    bundled = _bundled(half)
    runtime = _answering(site, half)
    folder = f"assets/tutor/{_digest(half)}/"
    half.rename(site / folder)
    about: dict[str, Any] = {"hosted": os.environ.get(HOSTED, "")}
    if bundled:
        about |= {"markdown": f"{folder}markdown.js", "notebook": f"{folder}notebook.js"}
    if runtime:
        ours = [file for file in (site / folder).iterdir() if file.name not in BUNDLES]
        python = [runtime / name for name in PYTHON]
        about |= {"worker": f"{folder}worker.mjs?runtime={runtime.name}"}
        about |= {"transfer": sum(map(_gzipped, python + ours))}
    (site / "assets" / "tutor.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    return about


def _bundled(into: Path) -> bool:
    """The panel's and the notebook's scripts with what npm installs; False without Node.js."""
    if (tools := node.found()) is None:
        return False
    modules = build.installed(CACHE, tools)
    esbuild = str(modules / "node_modules" / "esbuild" / "bin" / "esbuild")
    shape = (
        "--bundle",
        "--minify",
        "--format=esm",
        "--legal-comments=inline",
        "--loader:.css=text",
    )
    environment = {**os.environ, "NODE_PATH": str(modules / "node_modules")}
    for name, entry in BUNDLES.items():
        command = [*tools.node, esbuild, str(entry), *shape, f"--outfile={into / name}"]
        subprocess.run(command, check=True, capture_output=True, env=environment)
    return True


def _answering(site: Path, into: Path) -> Path | None:
    """What the tab answers with, and the runtime that it needs; None where one is missing."""
    runtime = next((site / "assets" / "runtime").glob("*/python.mjs"), None)
    if runtime is None or not (site / PASSAGES).is_file():
        return None
    shutil.copy(site / PASSAGES, into / "passages.json")
    shutil.copy(HERE / "worker.mjs", into)
    archives.write(into / "answering.zip", _sources())
    return runtime.parent


def _sources() -> Iterator[tuple[str, Path]]:
    """The answering as modules of the same names, and what speaks for it in the tab."""
    yield "tab.py", HERE / "tab.py"
    names = [ROOT / "course" / "__init__.py", TUTOR / "__init__.py"]
    inside = sorted(file for file in (TUTOR / "answering").rglob("*") if file.is_file())
    for file in [*names, *inside]:
        if "__pycache__" not in file.parts:
            yield file.relative_to(ROOT).as_posix(), file


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()[:12]


def _gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 6, mtime=0))
