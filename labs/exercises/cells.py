"""Finds an exercise's code among the cells of a notebook, by its id and never by position.

The cell begins with `# exercise: m6.heartbeat`. Names that it uses and does not define (helper
functions, imports) are looked up in the other cells, the last definition counting, so that the
code can be executed afresh without running the whole notebook.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from labs.exercises.exercise import Exercise
from labs.exercises.submission import Submission, is_attempted

MARK = re.compile(r"\A\s*# exercise: *(?P<id>[\w.]+) *$", re.MULTILINE)
BUILTIN = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell and its number on the page, counted from 1."""

    number: int
    source: str

    @property
    def exercise(self) -> str:
        """The id in its first line; empty in other cells."""
        found = MARK.match(self.source)
        return found["id"] if found else ""


def find(exercise: Exercise, cells: Sequence[Cell], *, history: bool = False) -> Submission | None:
    """The submission in these cells, with notes about how it was found; None if there is none.

    In a `history` (the cells as they were run, one after the other) the last run counts.
    """
    marked = [cell for cell in cells if cell.exercise == exercise.id]
    chosen, notes = _chosen(exercise, marked, history)
    if chosen is None:
        defining = (c for c in reversed(cells) if _defines(c.source) & exercise.asks.keys())
        if (chosen := next(defining, None)) is None:
            return None
        where = "a cell" if history else f"cell {chosen.number}"
        notes = (f"Found in {where} that does not begin with `# exercise: {exercise.id}`.",)
    others = [cell.source for cell in cells if cell.exercise != exercise.id and cell != chosen]
    before = "\n".join(needed(chosen.source, exercise.asks, others))
    return Submission(chosen.source, f"<exercise {exercise.id}>", before, notes)


def _chosen(
    exercise: Exercise, marked: Sequence[Cell], history: bool
) -> tuple[Cell | None, tuple[str, ...]]:
    if len(marked) < 2 or history:
        return (marked[-1] if marked else None), ()
    written = [c for c in marked if is_attempted(c.source, exercise.starter, exercise.asks)]
    chosen = (written or list(marked))[-1]
    numbers = ", ".join(str(cell.number) for cell in marked)
    says = f"Cells {numbers} begin with `# exercise: {exercise.id}`; cell {chosen.number} counts."
    return chosen, (says,)


def needed(source: str, asks: Iterable[str], others: Sequence[str]) -> Iterator[str]:
    """The statements of other cells that the source stands on, in their order."""
    tree = _parsed(source)
    if tree is None:
        return
    statements = [s for other in others for s in getattr(_parsed(other), "body", ())]
    chosen: set[int] = set()
    wanted = [*(_loaded(source) | set(asks)) - _bound(tree.body)]
    seen: set[str] = set()
    while wanted:
        if (name := wanted.pop()) in seen:
            continue
        seen.add(name)
        binding = (i for i, s in enumerate(statements) if name in _bound([s]))
        for place in [*binding][-1:]:
            if place not in chosen:
                chosen.add(place)
                wanted += _loaded(ast.unparse(statements[place]))
    yield from (ast.unparse(statements[place]) for place in sorted(chosen))


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):  # a magic, or a cell that is being written
        return None


def _defines(source: str) -> set[str]:
    tree = _parsed(source)
    return _bound(tree.body) if tree is not None else set()


def _loaded(source: str) -> set[str]:
    """Names that the source takes from its module, wherever in it, and Python does not bring."""
    try:
        tables = [symtable.symtable(source, "<cell>", "exec")]
    except SyntaxError:
        return set()
    names: set[str] = set()
    while tables:
        table = tables.pop()
        outside = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (outside or symbol.is_global())
        }
        tables += table.get_children()
    return names - BUILTIN


def _bound(body: Iterable[ast.stmt]) -> set[str]:
    """Names that these statements bind at the top level."""
    bound: set[str] = set()
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(statement.name)
            case ast.Import() | ast.ImportFrom():
                bound |= {(a.asname or a.name).split(".")[0] for a in statement.names}
            case ast.Assign() | ast.AnnAssign():
                nodes = ast.walk(statement)
                bound |= {
                    n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
    return bound
