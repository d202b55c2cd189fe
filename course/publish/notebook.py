"""A lesson's notebook as a file: read, run in a fresh kernel, normalised, written.

What is written depends on the sources alone: no time, no version, no id that a tool made up.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

# jsonschema tries to import this for a format that notebooks do not use; building its grammar
# costs 1.1 s in each process that reads a notebook. Without it jsonschema goes on.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

nbformat: Any = import_module("nbformat")  # its functions carry no types

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SECONDS_PER_CELL = 120
WIDGET = "application/vnd.jupyter.widget-view+json"
EXERCISE = re.compile(r"# exercise: (\S+)")  # the first line of a cell that is to be written
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

Cell = Any  # nbformat's NotebookNode: attributes are its keys


class NotebookError(Exception):
    """A cell of the notebook raised; the text says which and what."""


@dataclass(frozen=True, slots=True)
class Run:
    """A notebook after its last cell, and what the source asked of its kernel printed."""

    notebook: Any
    printed: str


def read(path: Path) -> Any:
    """The notebook at `path`."""
    return nbformat.read(path, as_version=4)


def write(notebook: Any, path: Path) -> None:
    """Writes the notebook, normalised, with a newline at its end."""
    text = nbformat.writes(normalised(notebook), version=4)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def files(folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """The notebooks of a folder, in order; with names ("06" or "06_liveness") only those."""
    wanted = tuple(names)
    # 04_handshake.old.ipynb is what somebody had before a reset, not a lesson.
    found = [each for each in sorted(folder.glob("[0-9][0-9]_*.ipynb")) if "." not in each.stem]
    return [f for f in found if not wanted or f.stem in wanted or f.stem[:2] in wanted]


def run(notebook: Any, folder: Path, asked: str = "", keep: str = "") -> Run:
    """The notebook executed from the top in a kernel of its own, in `folder`.

    `asked` is source that the same kernel runs after the last cell; it is not stored, and what it
    prints is the answer. With `keep`, only code cells with that tag run. Raises NotebookError.
    """
    fresh = nbformat.from_dict(notebook)
    with kernel(fresh, folder) as client:
        for number, cell in enumerate(fresh.cells, 1):
            if not keep or keep in tags(cell):
                _execute(client, cell, number)
        said = _ask(client, asked) if asked else ""
    return Run(normalised(fresh), said)


@contextmanager
def kernel(notebook: Any, folder: Path) -> Any:
    """A client with a kernel that is running; it is shut down on the way out."""
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        coalesce_streams=True,
        store_widget_state=False,
    )
    # Each kernel warns on its own stderr that its line is not encrypted; cells do not write there.
    with client.setup_kernel(stderr=DEVNULL):
        yield client


def normalised(notebook: Any) -> Any:
    """The notebook with stable ids, counts and metadata, and without widgets."""
    clean = nbformat.from_dict(notebook)
    clean.metadata = nbformat.from_dict(
        {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    )
    clean.nbformat, clean.nbformat_minor = 4, 5
    count = 0
    for number, cell in enumerate(clean.cells, 1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict(_metadata(cell))
        cell.source = cell.source.rstrip()
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_output(output, count) for output in cell.outputs]
    return clean


def tags(cell: Cell) -> list[str]:
    """The tags of a cell: its kind, and `core` or `deep`."""
    return list(cell.metadata.get("tags", ()))


def exercises(notebook: Any) -> list[str]:
    """The ids of the exercises that the notebook asks for, in its order."""
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return [found[1] for found in map(EXERCISE.match, code) if found]


def outputs(notebook: Any) -> list[list[Any]]:
    """What the code cells put out, without what may differ from run to run."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [[_essence(output) for output in cell.outputs] for cell in code]


def _execute(client: Any, cell: Cell, number: int) -> None:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        client.execute_cell(cell, number - 1)
    except CellExecutionError as error:
        raise NotebookError(f"cell {number} raises {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise NotebookError(f"cell {number} ran longer than {SECONDS_PER_CELL} s") from None
    except DeadKernelError:
        raise NotebookError(f"cell {number} ended the kernel") from None


def _ask(client: Any, source: str) -> str:
    """What `source` prints in the kernel, of which the notebook keeps no trace."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    _execute(client, cell, len(client.nb.cells))
    client.nb.cells.pop()
    return "".join(output.get("text", "") for output in cell.outputs)


def _metadata(cell: Cell) -> dict[str, Any]:
    kept: dict[str, Any] = {"tags": tags(cell)} if tags(cell) else {}
    if "reveal" in tags(cell):
        kept["jupyter"] = {"outputs_hidden": True}
    return kept


def _output(output: Any, count: int) -> Any:
    clean = nbformat.from_dict(output)
    if "data" in clean:
        clean.data.pop(WIDGET, None)
        clean.metadata = nbformat.from_dict({})
    if "execution_count" in clean:
        clean.execution_count = count
    return clean


def _essence(output: Any) -> dict[str, Any]:
    left_out = ("metadata", "execution_count", "traceback")
    return {key: value for key, value in output.items() if key not in left_out}
