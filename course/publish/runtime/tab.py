"""Runs a lesson's cells in the reader's tab, as a notebook's kernel would.

One namespace a page. A cell's outputs are MIME bundles, as in a notebook; what has knobs or
buttons stays known by its cell, so that turning one runs the lab again.
"""

import ast
import io
import json
import linecache
import sys
import traceback
import types
import zipfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from inspect import isawaitable
from typing import Any

page = types.ModuleType("__main__")
page.__dict__["In"] = [""]
sys.modules["__main__"] = page
shown: dict[str, Any] = {}


def bundle(value: Any) -> dict[str, Any] | None:
    """The MIME bundle of a value; nothing of None."""
    if value is None:
        return None
    own = getattr(value, "_repr_mimebundle_", None)
    if own is not None:
        return dict(own())
    if hasattr(value, "_repr_svg_"):
        return {"text/plain": repr(value), "image/svg+xml": value._repr_svg_()}
    return {"text/plain": repr(value)}


async def run_cell(cell: str, source: str) -> str:
    """The outputs of a cell as JSON: {"printed", "bundles", "error"}."""
    printed, error = io.StringIO(), ""
    bundles: list[dict[str, Any]] = []

    def display(*values: Any) -> None:
        bundles.extend(filter(None, map(bundle, values)))

    page.__dict__["display"] = display
    page.__dict__["In"].append(source)
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            value = await _evaluated(source, f"<cell {cell}>")
            shown[cell] = value
            bundles.extend(filter(None, [bundle(value)]))
        except BaseException as raised:  # noqa: BLE001 - whatever a learner's code raises is shown
            error = _told(raised)
    return json.dumps({"printed": printed.getvalue(), "bundles": bundles, "error": error})


def define(source: str) -> None:
    """What a cell of real sockets defines, for the cells below it; nothing of it runs here."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            with suppress(Exception):  # its decorators and defaults may be of the real run
                exec(compile(ast.Module([node], []), "<cell>", "exec"), page.__dict__)


def turn(cell: str, positions: str) -> str:
    """One turn of the panel that the cell showed, as a bundle in JSON."""
    panel = shown[cell]
    return json.dumps(panel.bundle(panel.turn(**json.loads(positions))))


def add(archive: bytes) -> None:
    """Put the files of an archive beside the course's own."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall("/course")


async def _evaluated(source: str, name: str) -> Any:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last: ast.expr | None = None
    if tree.body and isinstance(ending := tree.body[-1], ast.Expr):
        last = ending.value
        del tree.body[-1]
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    done = eval(compile(tree, name, "exec", flags), page.__dict__)
    if isawaitable(done):
        await done
    if last is None:
        return None
    value = eval(compile(ast.Expression(last), name, "eval", flags), page.__dict__)
    awaits = any(isinstance(node, ast.Await) for node in ast.walk(last))
    return await value if awaits and isawaitable(value) else value


def _told(error: BaseException) -> str:
    """The traceback from the learner's first line on."""
    if isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error))
    step = error.__traceback__
    while step is not None and not step.tb_frame.f_code.co_filename.startswith("<cell"):
        step = step.tb_next
    return "".join(traceback.format_exception(type(error), error, step))
