"""The words of the standards, in sentences of this course (`labs/glossary.toml`).

`TERMS["half-open"].says` is what it means here, `section` where the standard has it, and `lesson`
with `anchor` where a run shows it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """One word; an empty `anchor` is the lesson as a whole."""

    term: str
    says: str
    section: str
    lesson: str
    anchor: str

    @property
    def id(self) -> str:
        """The word as part of an address: close-code."""
        return re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


def read(text: str) -> Mapping[str, Term]:
    """The terms that a TOML `text` holds, by their ids, in alphabetical order."""
    terms = [Term(**row) for row in tomllib.loads(text)["terms"]]
    return {term.id: term for term in sorted(terms, key=lambda each: each.term.lower())}


TERMS = read(files("labs").joinpath("glossary.toml").read_text("utf-8"))
