"""At which line of the learner's program something happens, in words that do not change.

A notebook's cells have file names that change with each process; they are called "the cell".
"""

from __future__ import annotations

import sys
import sysconfig
from asyncio import CancelledError, Task
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

LIBRARIES = tuple(
    str(Path(sysconfig.get_paths()[name])) for name in ("stdlib", "platstdlib", "purelib")
)
OURS = (str(Path(__file__).parent), str(Path(__file__).parents[1] / "exercises"))


def line(filename: str, number: int, function: str) -> str:
    """A line of a program, as it is named to the person who wrote it."""
    if "ipykernel" in filename or filename.startswith("<"):
        return f"line {number} of the cell, in {function}"
    return f"{Path(filename).name}:{number}, in {function}"


def where(error: BaseException) -> str:
    """The last line of the learner's own code that an error passed through."""
    frames = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        frames.append((step.tb_frame, step.tb_lineno))
        step = step.tb_next
    return _best(frames)


def own_lines_only(error: BaseException) -> BaseException:
    """The error, and what led to it, without the lines of libraries in their tracebacks."""
    if isinstance(error.__cause__ or error.__context__, CancelledError):  # asyncio's own ways
        error.__cause__, error.__suppress_context__ = None, True
    chain: BaseException | None = error
    while chain is not None:
        chain.__traceback__ = _own_steps(chain.__traceback__)
        chain = chain.__cause__ or chain.__context__
    return error


def waiting_at(task: Task[Any]) -> str:
    """The line of the learner's own code at which a task waits."""
    return _best([(frame, frame.f_lineno) for frame in awaited_frames(task)])


def called_at(depth: int = 1) -> str:
    """The line of the learner's own code that is running now."""
    frames: list[tuple[FrameType, int]] = []
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None:
        frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    return _best(frames[::-1])


def running_at(thread: int) -> str:
    """The line of the learner's own code at which another thread is."""
    return _best([(frame, frame.f_lineno) for frame in _frames_of(thread)][::-1])


def called_by(thread: int, file: str) -> bool:
    """Whether a function of that file is among those another thread is in."""
    return any(frame.f_code.co_filename.endswith(file) for frame in _frames_of(thread))


def at_line(filename: str, number: int) -> str:
    """A line of the learner's own code with the word "at" before it; nothing for a library's."""
    return f" at {line(filename, number, '').removesuffix(', in ')}" if is_own(filename) else ""


def awaited_frames(task: Task[Any]) -> list[FrameType]:
    """The frames that a task is suspended in, the outermost first."""
    frames = []
    step: Any = task.get_coro()
    while step is not None:
        frames.append(getattr(step, "cr_frame", None) or getattr(step, "gi_frame", None))
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None)
    return [frame for frame in frames if frame is not None]


def is_own(name: str) -> bool:
    """Whether a file is the learner's own and not a library's or the world's."""
    if name.startswith("<frozen"):
        return False
    return not name.startswith((*LIBRARIES, *OURS)) and "site-packages" not in name


def _own_steps(step: TracebackType | None) -> TracebackType | None:
    own = []
    while step is not None:
        if is_own(step.tb_frame.f_code.co_filename):
            own.append((step.tb_frame, step.tb_lasti, step.tb_lineno))
        step = step.tb_next
    steps: TracebackType | None = None
    for each in reversed(own):
        steps = TracebackType(steps, *each)
    return steps


def _frames_of(thread: int) -> Iterator[FrameType]:
    frame = sys._current_frames().get(thread)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _best(frames: list[tuple[FrameType, int]]) -> str:
    own = [(frame, number) for frame, number in frames if is_own(frame.f_code.co_filename)]
    if not own:
        return "a library"
    frame, number = own[-1]
    return line(frame.f_code.co_filename, number, frame.f_code.co_name)
