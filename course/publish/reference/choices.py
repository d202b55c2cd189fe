"""The decision guide: the tree as a nested list, its leaves, and the products that it decides.

The list is the guide without scripts; `guide` is the place where `site/scripts/choosing.js` asks
the same questions one after the other, and shows a leaf's own section at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from course.publish.reference.places import Places
from course.publish.reference.tables import read_on, table
from labs.choosing import START, TREE, Cost, Leaf, walk


def guide() -> str:
    """An empty place with the forks as JSON."""
    forks = {
        fork.id: {
            "asks": TREE.questions[fork.question].asks,
            "why": TREE.questions[fork.question].why,
            "answers": [{"id": a.id, "says": a.says, "to": a.to} for a in fork.answers],
        }
        for fork in TREE.forks.values()
    }
    record = json.dumps({"start": START, "forks": forks}, separators=(",", ":"), sort_keys=True)
    safe = escape(record, quote=False).replace("'", "&#39;")
    return f"<div hidden class=\"hls-guide\" data-record='{safe}'></div>"


def tree(place: str = START, depth: int = 0) -> str:
    """The whole tree as a nested list, each path down to the link to its leaf."""
    return "\n".join(_branches(place, depth))


def _branches(place: str, depth: int) -> Iterator[str]:
    for answer in TREE.forks[place].answers:
        if answer.to in TREE.leaves:
            mechanism = TREE.leaves[answer.to].mechanism
            yield f"{'    ' * depth}- {answer.says}: [{mechanism}](#{leaf_id(answer.to)})"
        else:
            asks = TREE.questions[TREE.forks[answer.to].question].asks
            yield f"{'    ' * depth}- {answer.says}. *{asks}*"
            yield from _branches(answer.to, depth + 1)


def leaves(where: Places) -> str:
    """Each decision: reason, cost, fallback, the sentence for an interview, and where to read."""
    return "\n\n".join("\n\n".join(_leaf(leaf, where)) for leaf in TREE.leaves.values())


def _leaf(leaf: Leaf, where: Places) -> Iterator[str]:
    yield f'<section class="hls-leaf" id="{leaf_id(leaf.id)}" markdown="1">'
    yield f"### {leaf.mechanism}"
    yield leaf.because
    costs = "\n".join(f"    - {_cost(cost, where)}" for cost in leaf.costs)
    lines = [f"- **It costs**\n{costs}", f"- **Fallback:** {leaf.fallback}"]
    lines += [f"- **In an interview:** “{leaf.interview}”"]
    readings = [where.link(each.lesson, each.anchor) for each in leaf.read]
    lines += [f"- **Read on** in {'; '.join(readings)}."] if readings else []
    yield "\n".join(lines)
    yield "</section>"


def _cost(cost: Cost, where: Places) -> str:
    if cost.lesson:
        return f"{cost.says} ({where.number(cost.lesson)})"
    return f"{cost.says} ({read_on(cost.source, cost.checked or '')})"


def cases() -> str:
    """The products: what each should choose, and why; a script makes each of them walkable."""
    rows = (
        (
            f'<span data-answers="{",".join(case.answers)}">{case.name}</span>',
            f"[{walk(case.answers).mechanism}](#{leaf_id(walk(case.answers).id)})",
            case.because,
        )
        for case in TREE.cases
    )
    return table(("you build", "choose", "because"), rows)


def leaf_id(name: str) -> str:
    """The id of a leaf's section on the page."""
    return f"choose-{name.replace('_', '-')}"
