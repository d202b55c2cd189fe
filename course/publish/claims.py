"""Claims: words that stand on the page, and what bears them out.

A claim with `is` is an expression over the notebook's names, judged in its kernel after the last
cell. A claim with `source` names a page and the month in which somebody read it there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
CHECKED = re.compile(r"20\d\d-(0[1-9]|1[0-2])(-[0-3]\d)?")


def request(claims: Sequence[Mapping[str, Any]]) -> str:
    """The source that makes a kernel judge these claims in its own names."""
    expressions = [claim["is"] for claim in claims if "is" in claim]
    if not expressions:
        return ""
    return f"from course.publish.claims import judged\nprint(judged({expressions!r}, globals()))"


def judged(expressions: Sequence[str], names: dict[str, Any]) -> str:
    """A JSON list: for each expression "" when it holds, or what it is instead."""
    return json.dumps([_verdict(expression, names) for expression in expressions])


def stale(claims: Sequence[Mapping[str, Any]], notebook: Any, printed: str) -> Iterator[str]:
    """One sentence for each claim that the page does not say or the run does not bear out."""
    text = squeezed(page_text(notebook))
    verdicts = iter(json.loads(printed) if printed else [])
    for claim in claims:
        says = claim["says"]
        if squeezed(says) not in text:
            yield f"the claim {says!r} stands nowhere on the page: correct `says`, or the page"
        if "is" in claim and (verdict := next(verdicts, "was not judged")):
            yield f"the claim {says!r} is not borne out: {verdict}"
        if "source" in claim and not CHECKED.fullmatch(claim["source"]["checked"]):
            yield f"the claim {says!r} needs `checked` as year and month, such as 2026-11"


def page_text(notebook: Any) -> str:
    """All that a reader can read on the page: prose and what the cells put out."""
    return "\n".join(cell_text(cell) for cell in notebook.cells)


def cell_text(cell: Any) -> str:
    """What one cell gives to read: its prose, or what it put out."""
    if cell.cell_type == "markdown":
        return str(cell.source)
    bundles = [
        output.get("data", {"text/plain": output.get("text", "")}) for output in cell.outputs
    ]
    texts = (bundle.get(kind, "") for bundle in bundles for kind in ("text/plain", "text/markdown"))
    return "\n".join(map(str, texts))


def squeezed(text: str) -> str:
    """The text with every run of white space as one space: lines may be broken anywhere."""
    return " ".join(text.split())


def unclaimed(claims: Sequence[Mapping[str, Any]], notebook: Any) -> list[str]:
    """The numbers in the prose that no claim covers, for the author's eye."""
    # The first cell holds the minutes, which come from the YAML.
    prose = " ".join(c.source for c in notebook.cells[1:] if c.cell_type == "markdown")
    for pattern in (r"```.*?```", r"`[^`]*`", r"\]\([^)]*\)", r"RFC \d+(, [\d.]+)?", r"#\d+"):
        prose = re.sub(pattern, " ", prose, flags=re.DOTALL)
    said = " ".join(str(claim["says"]) for claim in claims)
    covered = set(NUMBER.findall(said))
    return list(dict.fromkeys(n for n in NUMBER.findall(prose) if n not in covered))


def _verdict(expression: str, names: dict[str, Any]) -> str:
    try:
        if eval(expression, names):  # the author's own words, in the author's own kernel
            return ""
        return f"`{expression}` does not hold{_instead(expression, names)}"
    except Exception as error:  # noqa: BLE001 (whatever an author's expression raises is news)
        return f"`{expression}` raises {type(error).__name__}: {error}"


def _instead(expression: str, names: dict[str, Any]) -> str:
    """The left side of a comparison that failed, since that is what the author wants to know."""
    tree = ast.parse(expression, mode="eval").body
    for part in tree.values if isinstance(tree, ast.BoolOp) else [tree]:
        if isinstance(part, ast.Compare) and not eval(ast.unparse(part), names):
            left = ast.unparse(part.left)
            return f": {left} is {eval(left, names)!r}"
    return ""
