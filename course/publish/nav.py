"""The order of the pages: what `mkdocs.yml` lists, and for `folder/*` what else there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course.publish import notebook


def pages(root: Path) -> list[str]:
    """Every page that the site will have, lessons too, whose pages are not yet written."""
    site = root / "site"
    written = (page.relative_to(site).as_posix() for page in site.rglob("*.md"))
    kept = sorted(page for page in written if not page.startswith("lessons/"))
    made = [f"lessons/{path.stem}.md" for path in notebook.files(root / "notebooks")]
    return [*kept, "lessons/index.md", *made]


def expanded(nav: Sequence[Any], pages: Sequence[str]) -> list[Any]:
    """The navigation with each `folder/*` replaced by the folder's pages that it names nowhere."""
    named = set(_named(nav))
    return list(_expanded(nav, [page for page in pages if page not in named]))


def _expanded(nav: Sequence[Any], rest: Sequence[str]) -> Iterator[Any]:
    for entry in nav:
        if isinstance(entry, dict):
            yield {name: _below(inside, rest) for name, inside in entry.items()}
        elif entry.endswith("/*"):
            yield from (page for page in rest if page.rpartition("/")[0] == entry[:-2])
        else:
            yield entry


def _below(inside: Any, rest: Sequence[str]) -> Any:
    return list(_expanded(inside, rest)) if isinstance(inside, list) else inside


def _named(nav: Sequence[Any]) -> Iterator[str]:
    for entry in nav:
        if isinstance(entry, dict):
            for inside in entry.values():
                yield from _named(inside) if isinstance(inside, list) else [inside]
        else:
            yield entry
