"""The two traps of asyncio in a notebook, each explained in one sentence with its line.

A cell already runs inside an event loop: `asyncio.run` cannot start another one, and a
coroutine that nobody awaits does nothing. Python's own words for both are long, and some of
them change from run to run; ours are the same bytes every time.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
import warnings
from collections.abc import Iterator
from types import CoroutineType, FrameType, TracebackType
from typing import Any

LOOP_RUNS = re.compile(r"cannot be called from a running event loop|event loop is already running")
NEVER_AWAITED = re.compile(r"coroutine '(?P<name>.+)' was never awaited")


class Cell:
    """The source of the cell that runs."""

    source = ""

    def begin(self, info: Any) -> None:
        """A cell begins to run."""
        self.source = info.raw_cell

    def line(self, number: int) -> str:
        """A line of the cell; empty when there is none of that number."""
        lines = self.source.splitlines()
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def last_line(self) -> int:
        """Where the cell's last statement begins, which is what its value comes from."""
        try:
            return ast.parse(self.source).body[-1].lineno
        except (SyntaxError, IndexError):  # magics, top-level await on old interpreters
            return len(self.source.rstrip().splitlines())


def install(ip: Any) -> None:
    """Registers both explanations in an IPython shell."""
    cell = Cell()
    ip.events.register("pre_run_cell", cell.begin)
    ip.set_custom_exc((RuntimeError,), _on_runtime_error)
    text = ip.display_formatter.formatters["text/plain"]
    text.for_type(CoroutineType, lambda value, pretty, _: pretty.text(shown(value, cell)))
    warnings.filterwarnings("always", NEVER_AWAITED.pattern, RuntimeWarning)
    _explain_warnings()


def shown(value: Any, cell: Cell) -> str:
    """The sentence for a cell whose value is a coroutine."""
    number = cell.last_line()
    return f"Line {number}: {_unawaited(value.__qualname__, cell.line(number))}"


def loop_runs(line: int, source: str) -> str:
    """The sentence for `asyncio.run` in a cell."""
    call = re.search(r"(?:asyncio\.run|run_until_complete)\((.*)\)$", source)
    if call and call[1].startswith("run("):
        return f"Line {line}: run() is an ordinary call, also in a notebook; write `{call[1]}`."
    instead = f"`await {call[1]}`" if call and call[1].count("(") == call[1].count(")") else "await"
    return (
        f"Line {line}: a notebook cell already runs inside an event loop, so asyncio.run cannot "
        f"start another; write {instead} instead, or `run(main)` for a program of the laboratory."
    )


def _unawaited(name: str, source: str) -> str:
    fix = (
        f" Write `await {source}`."
        if source and "await" not in source and "=" not in source
        else ""
    )
    return f"`{name}` made a coroutine that nobody awaited, so nothing of it has run.{fix}"


def _on_runtime_error(
    ip: Any,
    kind: type[RuntimeError],
    error: RuntimeError,
    trace: TracebackType,
    tb_offset: Any = None,
) -> None:
    """Shows our sentence for the one error we know, Python's traceback for every other."""
    if LOOP_RUNS.search(str(error)):
        frames = [(step.tb_frame, step.tb_lineno) for step in _steps(trace)]
        _close_unawaited([frame for frame, _ in frames])
        line, source = _place(ip, frames)
        sentence = loop_runs(line, source)
        error._render_traceback_ = lambda: [sentence]  # type: ignore[attr-defined]
    ip.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _place(ip: Any, frames: list[tuple[FrameType, int]]) -> tuple[int, str]:
    """The last line of the learner's own that led to the error."""
    ours = [(frame, line) for frame, line in frames if frame.f_globals is ip.user_global_ns]
    frame, line = ours[-1] if ours else frames[-1]

    return line, linecache.getline(frame.f_code.co_filename, line).strip()


def _close_unawaited(frames: list[FrameType]) -> None:
    """The coroutine that asyncio.run turned away would complain later, in some other cell."""
    for frame in frames:
        if "asyncio" in frame.f_globals.get("__name__", ""):
            for value in frame.f_locals.values():
                if isinstance(value, CoroutineType) and value.cr_frame is not None:
                    value.close()


def _explain_warnings() -> None:
    before = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: Any = None,
        line: str | None = None,
    ) -> None:
        found = NEVER_AWAITED.search(str(message))
        if found is None:
            before(message, category, filename, lineno, file, line)
            return

        source = linecache.getline(filename, lineno).strip()
        print(f"Line {lineno}: {_unawaited(found['name'], source)}", file=file or sys.stderr)

    warnings.showwarning = show
