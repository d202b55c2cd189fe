"""Brings `.venv` from whatever state it is in to the one that a door needs.

An installation empties the stamp first and writes it last, so that one which was killed is
known. Packages are fetched as wheels and compiled afterwards on every core.
"""

import importlib.util
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from course.refusal import Refusal
from course.setup import environment, lock
from course.setup.environment import State
from course.setup.progress import Progress
from course.setup.step import run

REASONS = {
    State.MISSING: "Setting up the course in .venv (once; this takes about a minute).",
    State.UNFINISHED: "An earlier setup of .venv was interrupted: making it anew.",
    State.DEAD: "The interpreter of .venv is gone or has changed: making it anew.",
    State.CHANGED: "What the course needs has changed: bringing .venv up to date.",
    State.DAMAGED: "Something was deleted from .venv: mending it.",
}


def make_ready(root: Path, requirements: Sequence[str]) -> None:
    """Leave `.venv` holding what these requirement files name.

    Raises: Refusal, with one sentence, when that cannot be had here.
    """
    held = lock.private_folder(root) / "setup.lock"
    with lock.alone(held, on_wait=say_waiting) as descriptor:
        found = environment.state(root, requirements)
        if found is State.READY:
            return
        print(REASONS[found], flush=True)
        with terminated_as_interrupt():
            Setup(root, requirements, descriptor).repair(found)


def say_waiting() -> None:
    """One line while another door installs."""
    print("Another course command is setting up in this folder: waiting for it.", flush=True)


class terminated_as_interrupt:  # noqa: N801 (used like a function)
    """Within the block SIGTERM and SIGHUP end things in order, as Ctrl-C does."""

    signals = (signal.SIGTERM, signal.SIGHUP)

    def __enter__(self) -> None:
        """Put our handler in."""
        self.before = [signal.signal(number, self.interrupt) for number in self.signals]

    def __exit__(self, *exc: object) -> None:
        """Put theirs back."""
        for number, handler in zip(self.signals, self.before, strict=True):
            signal.signal(number, handler)

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Raise what Ctrl-C raises."""
        raise KeyboardInterrupt


class Setup:
    """One installation into one folder."""

    def __init__(self, root: Path, requirements: Sequence[str], lock_descriptor: int) -> None:
        self.root = root
        self.lock = lock_descriptor
        self.log = root / ".course" / "setup.log"
        self.progress = Progress(sys.stdout)
        # What was installed stays installed: `start` after `test` does not shrink the folder.
        before = (environment.read_stamp(root) or {}).get("installed", {})
        named = {*requirements, *(name for name in before if (root / name).is_file())}
        self.requirements = sorted(named, reverse=True)

    def repair(self, found: State) -> None:
        """Do what the state asks for, then stamp the folder."""
        self.log.unlink(missing_ok=True)
        if found in (State.MISSING, State.UNFINISHED, State.DEAD):
            self.make()
        elif found is State.DAMAGED:
            forget_damaged(environment.folder(self.root))
        self.install()
        self.stamp()
        self.progress.done()

    def make(self) -> None:
        """A fresh environment with pip in it."""
        check_venv_module()
        place = environment.folder(self.root)
        try:
            remove(place)
            place.mkdir()
            environment.stamp_file(self.root).touch()
        except OSError as error:
            raise lock.cannot_write(self.root, error) from None
        self.progress.now("making .venv")
        # The interpreter behind the one that runs us: we may be standing in the old .venv.
        behind = getattr(sys, "_base_executable", None) or sys.executable
        self.step([behind, "-m", "venv", str(place)])

    def install(self) -> None:
        """Fetch, install and compile what the requirement files name."""
        environment.stamp_file(self.root).write_text("")
        python = str(environment.python(self.root))
        wanted = [part for name in self.requirements for part in ("-r", name)]
        quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        patience = ["--retries", "2", "--no-compile"]
        pip = [python, "-m", "pip", "install", *quiet, *patience, *wanted]
        self.step(pip, on_line=self.progress.pip_said, on_wait=self.count_installed)
        self.progress.now("compiling")
        packages = next(environment.folder(self.root).glob("lib/python3*/site-packages"))
        compile_all = ["-m", "compileall", "-q", "-q", "-j", "0", str(packages)]
        # A file for another Python in somebody's test folder does not compile; that is no matter.
        self.step([python, *compile_all], may_fail=True)

    def count_installed(self) -> None:
        """Tell the progress line how many packages stand."""
        found = environment.folder(self.root).glob("lib/python3*/site-packages/*.dist-info")
        self.progress.installed(sum(1 for _ in found))

    def step(
        self,
        command: list[str],
        on_line: Callable[[str], None] = lambda line: None,
        on_wait: Callable[[], None] = lambda: None,
        may_fail: bool = False,
    ) -> None:
        """Run one command into the log; our progress line goes on."""

        def waited() -> None:
            on_wait()
            self.progress.tick()

        run(command, self.root, self.log, self.lock, on_line, waited, may_fail)

    def stamp(self) -> None:
        """Say in the folder what was installed and which files it left."""
        place = environment.folder(self.root)
        stamp = {
            "python": environment.version_of(environment.python(self.root)),
            "root": str(self.root),
            "installed": {n: environment.digest(self.root, n) for n in self.requirements},
            "files": sorted(environment.files(place)),
        }
        half = place / "course.json.new"
        half.write_text(json.dumps(stamp, indent=0))
        half.replace(environment.stamp_file(self.root))


def check_venv_module(find: Callable[[str], object] = importlib.util.find_spec) -> None:
    """Raise a Refusal where this Python cannot make environments (Debian splits that part off)."""
    if find("venv") is None or find("ensurepip") is None:
        raise Refusal(
            "This Python cannot make a virtual environment: on Debian or Ubuntu run "
            "`sudo apt install python3-venv`, then the same command again."
        )


def remove(place: Path) -> None:
    """Take the environment away, whatever it is."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    elif os.path.lexists(place):
        place.unlink()


def forget_damaged(venv: Path) -> None:
    """Strike each package of which a file is gone from the list, so that pip brings it again."""
    for record in venv.glob("lib/python3*/site-packages/*.dist-info/RECORD"):
        packages = record.parent.parent
        names = (line.split(",")[0] for line in record.read_text().splitlines())
        if not all((packages / name).exists() for name in names if not name.endswith(".pyc")):
            shutil.rmtree(record.parent)
