"""What a learner handed in: source that can be executed again and again, each time afresh.

A fresh execution is a new process: two of them share no lock, no set and no module-level name.
"""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType, SimpleNamespace
from typing import Any, TypeAlias

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Submission:
    """The source, the name under which its lines are called, and what it stands on.

    `before` are statements of other cells that it needs; `notes` say where the code was found.
    """

    source: str
    name: str = "<exercise>"
    before: str = ""
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, str]:
        """The names under which lines of the source, and of the other cells, are called."""
        return self.name, "<another cell>"

    def compiled(self) -> tuple[CodeType, ...]:
        """The code to execute. Raises SyntaxError, or ValueError for what is no text of Python."""
        pairs = zip((self.source, self.before), self.names, strict=True)
        own, other = (_compiled(source, name) for source, name in pairs)
        return other, own


def _compiled(source: str, name: str) -> CodeType:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return compile(source, name, "exec", dont_inherit=True)


def executed(code: Iterable[CodeType]) -> SimpleNamespace:
    """A new namespace with everything that the code defines; raises what it raises."""
    names: dict[str, Any] = {"__name__": "__exercise__"}
    for each in code:
        exec(each, names)  # the learner's own code, on the learner's own machine
    return SimpleNamespace(**names)


def wrong_kind(given: SimpleNamespace, asks: Mapping[str, str]) -> str:
    """The sentence for a name that is missing or is something else; empty when all is well."""
    for name, kind in asks.items():
        value = getattr(given, name, None)
        if value is None:
            return f"the exercise asks for a {kind} `{name}`, and nothing of that name is defined"
        if kind == "function" and inspect.isclass(value):
            return f"`{name}` is a class, and the exercise asks for a function: `def {name}(...)`"
        if kind == "class" and not inspect.isclass(value):
            return f"`{name}` is no class, and the exercise asks for one: `class {name}:`"
        if not callable(value):
            return f"`{name}` is a {type(value).__name__}, and the exercise asks for a {kind}"
    return ""


def is_attempted(source: str, starter: str, asks: Mapping[str, str]) -> bool:
    """Has anything been filled in? Comments, blank lines and docstrings are no attempt."""
    try:
        tree, blank = ast.parse(source), ast.parse(starter)
    except (SyntaxError, ValueError):
        return True  # somebody wrote something
    if _bare(tree) == _bare(blank):
        return False
    if any(_is_other_kind(node, asks) for node in tree.body):
        return True
    mine, theirs = _stubs(tree, asks), _stubs(blank, asks)
    written = {name for name, stub in mine.items() if not stub}
    given = {name for name, stub in theirs.items() if not stub}
    return bool(written - given) or not mine


def is_starter(source: str, starter: str) -> bool:
    """Is it what was handed out, but for comments, blank lines and docstrings?"""
    try:
        return _bare(ast.parse(source)) == _bare(ast.parse(starter))
    except (SyntaxError, ValueError):
        return False


def _is_other_kind(node: ast.stmt, asks: Mapping[str, str]) -> bool:
    """Is it a class where a function is asked for, or the other way round?"""
    if not isinstance(node, DEFINITIONS) or node.name not in asks:
        return False
    return isinstance(node, ast.ClassDef) != (asks[node.name] == "class")


def _bare(tree: ast.Module) -> str:
    """The tree as text, without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, (*DEFINITIONS, ast.Module)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def _stubs(tree: ast.Module, asks: Mapping[str, str]) -> dict[str, bool]:
    """For each function, and each method of a class, that is asked for: is it a stub?"""
    found: dict[str, bool] = {}
    for node in tree.body:
        if isinstance(node, DEFINITIONS) and node.name in asks:
            members = node.body if isinstance(node, ast.ClassDef) else [node]
            for member in members:
                if isinstance(member, FUNCTIONS):
                    found[f"{node.name}.{member.name}"] = _is_stub(member)
    return found


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(_says_nothing(statement) for statement in function.body)


def _says_nothing(statement: ast.stmt) -> bool:
    """`...`, a docstring, `pass`, `return`, `return None`, `raise NotImplementedError`."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False
