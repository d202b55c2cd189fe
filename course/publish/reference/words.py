"""The glossary as a list of terms, and a line of links to jump by."""

from __future__ import annotations

from course.publish.reference.places import Places
from labs.glossary import TERMS, Term


def glossary(where: Places) -> str:
    """All terms in alphabetical order, each with its section and its lesson."""
    jumps = " · ".join(f"[{term.term}](#{term.id})" for term in TERMS.values())
    terms = "\n".join(_term(term, where) for term in TERMS.values())
    return f'{jumps}\n\n<dl class="hls-terms" markdown="1">\n{terms}\n</dl>'


def _term(term: Term, where: Places) -> str:
    reading = f"{term.section} · {where.link(term.lesson, term.anchor)}"
    return (
        f'<dt id="{term.id}" markdown="span">{term.term}</dt>\n'
        f'<dd markdown="block">\n\n{term.says}\n\n*{reading}*\n\n</dd>'
    )
