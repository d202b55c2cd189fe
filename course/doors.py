"""The doors of the course, as a table, and the way through one.

Outside `.venv` a door is only looked up: the environment is made ready and the same door is
opened again with the interpreter in there. Standard library only.
"""

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.refusal import Refusal
from course.setup import environment, install

ROOT = Path(__file__).resolve().parent.parent
USAGE = 64  # EX_USAGE of sysexits.h


@dataclass(frozen=True, slots=True)
class Door:
    """A word after `python3 -m course`; behind it, `module.main(arguments)`."""

    name: str
    module: str
    requirements: tuple[str, ...]
    does: str
    anywhere: bool = False  # also from an installed wheel, without a clone


RUN = ("requirements.txt",)
TEST = ("requirements.txt", "requirements-test.txt")

DOORS = (
    Door("start", "course.server.start", RUN, "serves the course and JupyterLab on this machine"),
    Door("test", "course.testing", TEST, "runs every test; extra arguments go to pytest"),
    Door("site", "course.building", RUN, "builds the static site into build/site/"),
    Door("exercises", "course.grading.listing", RUN, "lists the exercises; --json", True),
    Door("check", "course.grading.check", RUN, "grades one exercise: ID [FILE]; or --all", True),
    Door("handout", "course.grading.handout", RUN, "writes a class repository without solutions"),
    Door("rollup", "course.grading.rollup", RUN, "makes one page of many reports", True),
    Door("reset", "course.grading.reset", RUN, "restores a lesson (NN) or an exercise (ID)", True),
    Door("author", "course.publish.author", RUN, "checks the lessons; --write [NN] runs them"),
    Door("tutor", "course.tutor.hosting", RUN, "serves the tutor alone, to be hosted"),
    Door("storm", "course.fieldtest.storm", RUN, "tries a webhook receiver of yours: URL", True),
    Door("bench", "course.bench", RUN, "measures the world against plain loopback; --json"),
)


def main(arguments: Sequence[str]) -> int:
    """Exit status of the door that the first argument names; the list where none is named."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(listing())
        return 0
    door = next((door for door in DOORS if door.name == arguments[0]), None)
    if door is None:
        print(f"There is no door `{arguments[0]}`.\n\n{listing()}", file=sys.stderr)
        return USAGE
    return answered(lambda: opened(door, arguments[1:]))


def listing() -> str:
    """Every door with what it does, one a line."""
    lines = (f"  python3 -m course {door.name:10}{door.does}" for door in DOORS)
    return "\n".join(("Hook, Line & Socket has these doors:", *lines))


def answered(work: Callable[[], int]) -> int:
    """Exit status of what a door does; a refusal becomes its sentence."""
    try:
        return work()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.status
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def opened(door: Door, arguments: Sequence[str]) -> int:
    """What the door's module answers, run in the course's own environment."""
    if not (ROOT / "requirements.txt").is_file():
        if door.anywhere:
            return _here(door, arguments)
        raise Refusal(f"`{door.name}` works in a clone of the project, and {ROOT} is not one.")
    if Path(sys.prefix) == environment.folder(ROOT) and os.environ.get(INSIDE) == str(os.getpid()):
        return _here(door, arguments)
    install.make_ready(ROOT, door.requirements)
    enter(door, arguments)
    raise AssertionError("not reached: the process has become another")


def _here(door: Door, arguments: Sequence[str]) -> int:
    status: int = importlib.import_module(door.module).main(list(arguments))
    return status


# Set to this process's id just before it turns into the environment's interpreter, so that the
# second half of the way knows itself; an inherited value names another process and is ignored.
INSIDE = "COURSE_INSIDE"


def enter(door: Door, arguments: Sequence[str]) -> None:
    """Become `.venv`'s interpreter at the same door: same process, same terminal, same signals."""
    python = str(environment.python(ROOT))
    # The course runs on its own packages: a PYTHONPATH from elsewhere would shadow them.
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    sys.stdout.flush()
    os.execve(
        python,
        [python, "-P", "-m", "course", door.name, *arguments],
        {**kept, INSIDE: str(os.getpid())},
    )
