"""How much a lesson may ask of its reader, and what it owes them to practise on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from course.publish import notebook
from course.publish.ran import Ran
from labs.exercises.cells import Cell
from labs.exercises.exercise import exercise, ids

# What a reader is asked to take in. Cells that only place what stands elsewhere are no programs.
CELLS, PROGRAMS, WORDS, CORE_WORDS, IDEA, CONTRACT = 44, 21, 1_700, 700, 100, 120
PLACED = ("setup", "testout", "quiz", "interview", "monday", "symptoms", "recap", "cards", "keep")
PRACTICE = ("exercise", "check", "spot", "order")


def budgets(ran: Ran) -> Iterator[str]:
    """A lesson is as long as somebody has time for; one heading, one idea."""
    if ran.tour:
        return
    cells = ran.stored.cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    programs = [cell for cell in code if not {*PLACED, *PRACTICE} & set(notebook.tags(cell))]
    for what, number, most in (
        ("cells", len(cells), CELLS),
        ("programs and panels", len(programs), PROGRAMS),
        ("words of prose", prose_words(ran.stored), WORDS),
        ("words of prose in core cells", prose_words(ran.stored, "core"), CORE_WORDS),
    ):
        if number > most:
            yield f"{number} {what}; {most} are allowed: cut, merge, or make it deep"
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "markdown":
            limit = CONTRACT if "exercise" in notebook.tags(cell) else IDEA
            for idea in re.split(r"^#+ .*$", cell.source, flags=re.MULTILINE):
                if (count := words(idea)) > limit:
                    yield f"cell {number} spends {count} words on one heading; {limit} are allowed"


def prose_words(stored: Any, tag: str = "") -> int:
    """How many words of prose there are in cells with that tag, or in all; contracts are none."""
    cells = (cell for cell in stored.cells if cell.cell_type == "markdown")
    prose = (cell for cell in cells if "exercise" not in notebook.tags(cell))
    return sum(words(cell.source) for cell in prose if not tag or tag in notebook.tags(cell))


def words(markdown: str) -> int:
    """How many words one reads; tables, headings and fenced code are looked at, not read."""
    text = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("|", "#")))
    return sum(len(line.split()) for line in lines)


def practice(ran: Ran) -> Iterator[str]:
    """Each exercise is checked below its cell; a lesson has something to spot and to order."""
    if ran.tour:
        return
    cells = ran.stored.cells
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code" and "exercise" in notebook.tags(cell):
            name = Cell(number, cell.source).exercise
            below = [c for c in cells[number : number + 2] if "check" in notebook.tags(c)]
            if name not in ids():
                yield f"cell {number} must begin with an exercise that exists: # exercise: ID"
            elif exercise(name).starter.rstrip() != cell.source.rstrip():
                yield f"cell {number} is not the starter of {name}"
            elif not any(f'check("{name}")' in c.source for c in below):
                yield f'no cell tagged check below cell {number} says check("{name}")'
    kinds = {tag for cell in cells for tag in notebook.tags(cell)}
    for kind in ("exercise", "spot", "order"):
        if kind not in kinds:
            yield f"the lesson has no cell tagged {kind}"
