"""A place, a permission: `world/` talks, `widgets/` shows, `exercises/` judges, the rest computes.

These rules are read off the syntax tree, so a forbidden import is found even where it never runs.
"""

import ast
import re
import statistics
from pathlib import Path

import pytest

from labs import _HOMES

LABS = Path(__file__).parents[2] / "labs"
COURSE = LABS.with_name("course")
FILES = sorted(LABS.rglob("*.py"))
ROOMS = ("websocket", "webhook", "stream")

# Modules whose use is I/O, a clock, or randomness that nobody handed in.
TALKING = re.compile(
    r"(asyncio|concurrent|ctypes|fcntl|glob|http\.(client|server)|logging|mmap|multiprocessing|os"
    r"|pathlib|queue|random|sched|secrets|select|selectors|shutil|signal|socket|socketserver"
    r"|sqlite3|ssl|subprocess|tempfile|threading|time|urllib\.request|uuid"
    r"|aiohttp|anyio|requests|websockets|wsproto)(\.|$)"
)
SHOWING = re.compile(r"(IPython|anywidget|ipykernel|ipywidgets|jupyter\w*|traitlets)(\.|$)")

# The few that compute and yet hold a name of such a module, or live beside the rule.
ALLOWED = {
    ("webhook/inbox.py", "sqlite3"): "the caller brings the connection; nothing is opened here",
    ("evidence.py", "os"): "keeps a learner's runs as files where a folder is named",
    ("evidence.py", "pathlib"): "the same",
    ("lessons.py", "pathlib"): "reads the YAML that lies beside a notebook",
}
# A type may come from a module whose functions may not be called.
TYPES = {"random": {"Random"}}


def name(path):
    """The file as this test speaks of it: its place within labs/."""
    return path.relative_to(LABS).as_posix()


def imports(path):
    """Every module that the file imports, anywhere in it; a name of a module as module.name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; say labs.… instead"
            for alias in node.names:
                if alias.name not in TYPES.get(node.module, ()):
                    yield f"{node.module}.{alias.name}"


def computes(path):
    """Whether the file lies in the part of labs/ that computes."""
    room = name(path).split("/")[0]
    return room not in ("world", "widgets", "exercises", "__init__.py")


COMPUTING = [path for path in FILES if computes(path)]
# The world, also by the names under which `labs` itself hands it out.
WORLD = [r"labs\.world", "labs$", *(rf"labs\.{n}" for n, home in _HOMES.items() if "world" in home)]


def within(imported, *packages):
    """The imported names that lie in one of the packages."""
    return [each for each in imported if re.match(rf"({'|'.join(packages)})(\.|$)", each)]


@pytest.mark.parametrize("path", COMPUTING, ids=name)
def test_what_computes_neither_talks_nor_shows(path):
    """Values in, values out: no I/O module, no clock, no randomness of its own, no notebook."""
    found = {
        each.split(".")[0] for each in imports(path) if TALKING.match(each) or SHOWING.match(each)
    }
    allowed = {module for file, module in ALLOWED if file == name(path)}

    assert found == allowed
    assert not within(imports(path), *WORLD, r"labs\.widgets", r"labs\.exercises")


CALLS = re.compile(
    r"(open|input|print|eval|exec|.*\.(now|utcnow|today)|sqlite3\.connect|(io|codecs)\.open)$"
)


@pytest.mark.parametrize("path", COMPUTING, ids=name)
def test_what_computes_opens_nothing_and_reads_no_clock(path):
    """No file is opened, nothing printed, no time of day asked for."""
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    }

    assert {call for call in calls if CALLS.match(call)} == set()


def test_every_exception_is_used():
    """A permission that nobody needs any more is taken back."""
    assert {file for file, _ in ALLOWED} <= {name(path) for path in FILES}


@pytest.mark.parametrize("room", ROOMS)
def test_the_three_rooms_do_not_know_each_other(room):
    """`websocket/`, `webhook/` and `stream/` are compared by the course, not by each other."""
    others = [rf"labs\.{other}" for other in ROOMS if other != room]

    assert not [
        (name(path), found)
        for path in (LABS / room).rglob("*.py")
        if (found := within(imports(path), *others))
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_stands_on_what_the_three_share(room):
    """A room imports itself, errors, backoff and lifecycle, and so nothing through another door."""
    shared = {"labs.errors", "labs.backoff", "labs.lifecycle", f"labs.{room}"}

    for path in (LABS / room).rglob("*.py"):
        ours = {".".join(each.split(".")[:2]) for each in imports(path) if each.startswith("labs")}
        assert ours <= shared, name(path)


def test_widgets_do_not_reach_into_the_world():
    """What is shown comes from declarations and journals, never from sockets and clocks."""
    assert not [
        (name(path), found)
        for path in (LABS / "widgets").rglob("*.py")
        if (found := within(imports(path), *WORLD))
    ]


def test_the_world_does_not_know_the_screen():
    """`world/` imports neither the widgets nor anything of Jupyter."""
    assert not [
        (name(path), found)
        for path in (LABS / "world").rglob("*.py")
        if (found := [each for each in imports(path) if SHOWING.match(each)])
        or (found := within(imports(path), r"labs\.widgets"))
    ]


def test_no_lab_knows_the_course_or_an_exercise():
    """`course/` may use `labs`, exercises may use labs; never the reverse."""
    # labs/__init__.py hands out the verbs by name and loads them when they are used.
    outside = [p for p in FILES if "exercises" not in p.parts and p != LABS / "__init__.py"]

    assert not [
        (name(path), found)
        for path in outside
        if (found := within(imports(path), "course", r"labs\.exercises"))
    ]


def test_exercises_use_the_pure_parts_and_run():
    """A judge imports the rooms and `labs.observe`; how the world works is not its business."""
    assert not [
        (name(path), found)
        for path in (LABS / "exercises").rglob("*.py")
        if (found := within(imports(path), r"labs\.world", r"labs\.widgets"))
    ]


def test_the_tutor_reads_a_file_and_not_its_author():
    """`course/tutor` does not import `course/publish`."""
    assert not [
        (path.name, found)
        for path in (COURSE / "tutor").rglob("*.py")
        if (found := within(imports(path), r"course\.publish"))
    ]


# What learners read: the rooms, and what the three share. Tables of facts may be longer.
SHOWN = [path for path in FILES if path.parent.name in ROOMS] + [
    LABS / file for file in ("backoff.py", "lifecycle.py", "errors.py")
]
TABLES = {"websocket/disagreements.py"}


def functions(path):
    """Each function's name and how many lines its body has without its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SHOWN, ids=name)
def test_what_learners_read_fits_a_screen(path):
    """No file over 150 lines (tables: 250), no function over 25."""
    limit = 250 if name(path) in TABLES else 150

    assert len(path.read_text("utf-8").splitlines()) <= limit
    assert not [(function, lines) for function, lines in functions(path) if lines > 25]


def test_functions_are_short_as_a_rule():
    """Half of what learners read has at most eight lines, nine of ten at most twenty."""
    lengths = sorted(lines for path in SHOWN for _, lines in functions(path))

    assert statistics.median(lengths) <= 8
    assert lengths[len(lengths) * 9 // 10] <= 20


def test_shown_code_has_no_second_subject():
    """No decorators but dataclass and its like, no metaclasses, no logging, no debug flags."""
    plain = {"dataclass(frozen=True, slots=True)", "dataclass(frozen=True)", "property"}
    used = {
        ast.unparse(decorator)
        for path in SHOWN
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        for decorator in node.decorator_list
    }

    assert used <= plain | {"classmethod"}


def test_rules_would_notice(tmp_path):
    """The readers of imports and calls see what is hidden in a function or behind an alias."""
    hidden = tmp_path / "hidden.py"
    hidden.write_text("def f():\n    import os.path as p\n    from random import Random, choice\n")

    assert list(imports(hidden)) == ["os.path", "random.choice"]
    assert all(TALKING.match(each) for each in imports(hidden))
    assert CALLS.match("datetime.datetime.now")
    assert not CALLS.match("reopen")
