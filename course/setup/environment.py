"""What state `.venv` is in, read without importing anything from it.

A stamp in the folder says what was installed and which files were there afterwards; whatever
no longer agrees with it names the state. Looking deeper than two levels costs half a second
and no deletion by hand is that subtle.
"""

import enum
import hashlib
import json
import os
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


class State(enum.Enum):
    """How `.venv` stands towards what a door needs."""

    READY = enum.auto()
    MISSING = enum.auto()
    UNFINISHED = enum.auto()  # an installation was killed
    DEAD = enum.auto()  # the interpreter is gone or another one now, or the folder was moved
    CHANGED = enum.auto()  # other requirements than those installed
    DAMAGED = enum.auto()  # something was deleted


def folder(root: Path) -> Path:
    """Where the environment stands."""
    return root / ".venv"


def python(root: Path) -> Path:
    """Its interpreter."""
    return folder(root) / "bin" / "python"


def stamp_file(root: Path) -> Path:
    """What was installed, in JSON; empty while an installation is under way."""
    return folder(root) / "course.json"


def read_stamp(root: Path) -> dict[str, Any] | None:
    """The stamp; empty when an installation never ended, None when we made no such folder."""
    try:
        stamp = json.loads(stamp_file(root).read_bytes() or b"{}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def state(root: Path, requirements: Iterable[str]) -> State:
    """How the environment stands towards these requirement files."""
    if not os.path.lexists(folder(root)):
        return State.MISSING
    stamp = read_stamp(root)
    if stamp == {}:
        return State.UNFINISHED
    version = version_of(python(root))
    if not version or not any(folder(root).glob("lib/python3*/site-packages/pip/__main__.py")):
        return State.DEAD
    if stamp is None:
        return State.CHANGED  # made by hand: what is in there is kept
    if (stamp.get("python"), stamp.get("root")) != (version, str(root)):
        return State.DEAD
    if not set(stamp.get("files", ())) <= set(files(folder(root))):
        return State.DAMAGED
    installed = stamp.get("installed", {})
    if any(installed.get(name) != digest(root, name) for name in requirements):
        return State.CHANGED
    return State.READY


def version_of(interpreter: Path) -> str:
    """What the interpreter calls itself, or nothing when it does not run."""
    ask = [str(interpreter), "-I", "-S", "-c", "import sys; print(sys.version)"]
    try:
        said = subprocess.run(ask, check=True, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()


def digest(root: Path, requirements: str) -> str:
    """A fingerprint of one requirement file and of what `-e .` installs."""
    with (root / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    own = {name: project.get(name) for name in ("build-system", "project")}
    text = (root / requirements).read_bytes() + json.dumps(own, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


def files(venv: Path) -> Iterator[str]:
    """The names in the folders where packages put things, two levels deep."""
    for packages in venv.glob("lib/python3*/site-packages"):
        yield from names(packages, depth=2)
    yield from names(venv / "bin", depth=1)
    yield from names(venv / "share" / "jupyter", depth=3)


def names(place: Path, depth: int) -> Iterator[str]:
    """Paths of what stands in a folder, compiled files left out (Python makes those itself)."""
    try:
        entries = list(os.scandir(place))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name != "__pycache__":
            yield entry.path
            if depth > 1 and entry.is_dir(follow_symlinks=False):
                yield from names(Path(entry.path), depth - 1)
