"""The door `rollup`: many reports of `check --all --json` as one page for whoever teaches.

Who, which bug, since when: the reports of one learner are put in order of time, and a bug is
"since" the first report of the row of reports that have it.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from course.refusal import Refusal
from labs.exercises.verdict import CORRECT, NOT_ATTEMPTED, SPOKEN

USAGE = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one learner is with one exercise, and since which report."""

    verdict: str
    bug: str
    since: str

    @property
    def words(self) -> str:
        """The outcome and the bug."""
        return f"{SPOKEN[self.verdict]}{f': {self.bug}' if self.bug else ''}"


def main(arguments: Sequence[str]) -> int:
    """Write one page from many reports (files, or folders that hold them)."""
    parser = argparse.ArgumentParser(prog="course rollup", description=main.__doc__)
    parser.add_argument("reports", nargs="+", type=Path, metavar="REPORT")
    parser.add_argument("--out", type=Path, default=Path("rollup.html"), metavar="FILE")
    asked = parser.parse_args(arguments)
    reports = [read(path) for path in expanded(asked.reports)]
    if not reports:
        raise Refusal("There is no report among these: `check --all --json` writes one.", USAGE)
    asked.out.write_text(page(reports), encoding="utf-8")
    print(f"{asked.out}: {len(standings(reports))} learners, {len(reports)} reports")
    return 0


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The files, and those in the folders."""
    nested = [sorted(p.rglob("*.json")) if p.is_dir() else [p] for p in paths]
    return [path for group in nested for path in group]


def read(path: Path) -> dict[str, Any]:
    """A report; whose it is comes from the report, else from the name of its file."""
    try:
        report: dict[str, Any] = json.loads(path.read_bytes())
        known = {"exercise", "verdict", "bug"}
        if not all(known <= record.keys() for record in report["exercises"]):
            raise ValueError
        return {**report, "who": report["who"] or path.stem, "when": str(report["when"])}
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.", USAGE) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(f"{path} is not a report of `check --all --json`.", USAGE) from None


def standings(reports: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Standing]]:
    """By learner and exercise, where the last report puts them."""
    table: dict[str, dict[str, Standing]] = {}
    for report in sorted(reports, key=lambda one: (one["who"], one["when"])):
        row = table.setdefault(report["who"], {})
        for record in report["exercises"]:
            now = Standing(record["verdict"], record["bug"] or "", report["when"][:10])
            before = row.get(record["exercise"])
            same = before and (before.verdict, before.bug) == (now.verdict, now.bug)
            row[record["exercise"]] = before if before and same else now
    return table


def page(reports: Sequence[Mapping[str, Any]]) -> str:
    """The page, complete in itself; a table first, then how often each bug is met now."""
    table = standings(reports)
    names = sorted({name for row in table.values() for name in row})
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(_row(who, row, names) for who, row in sorted(table.items()))
    template = files("course.grading").joinpath("rollup.html").read_text("utf-8")
    return (
        template.replace("{{head}}", head)
        .replace("{{rows}}", rows)
        .replace("{{bugs}}", _bugs(table))
    )


def _row(who: str, row: Mapping[str, Standing], names: Sequence[str]) -> str:
    cells = "".join(_cell(row.get(name)) for name in names)
    passed = sum(standing.verdict == CORRECT for standing in row.values())
    return f'<tr><th scope="row">{escape(who)}</th><td>{passed} of {len(names)}</td>{cells}</tr>'


def _cell(standing: Standing | None) -> str:
    if standing is None or standing.verdict == NOT_ATTEMPTED:
        return '<td class="none">not attempted</td>'
    since = f"<small>since {escape(standing.since)}</small>"
    return f'<td class="{standing.verdict}">{escape(standing.words)}<br>{since}</td>'


def _bugs(table: Mapping[str, Mapping[str, Standing]]) -> str:
    met: dict[tuple[str, str], list[str]] = {}
    for who, row in sorted(table.items()):
        for name, standing in row.items():
            if standing.bug:
                met.setdefault((name, standing.bug), []).append(who)
    most = sorted(met.items(), key=lambda each: (-len(each[1]), each[0]))
    lines = [
        f"<li><code>{escape(bug)}</code> in {escape(name)}: {escape(', '.join(who))}</li>"
        for (name, bug), who in most
    ]
    return f"<ul>{''.join(lines)}</ul>" if lines else "<p>Nobody is stuck at a bug now.</p>"
