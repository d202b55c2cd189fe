"""Many verdicts as one report: JSON for a roll-up, JUnit XML for a CI, Markdown for its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any
from xml.etree import ElementTree as ET

from labs.exercises.verdict import INCORRECT, NOT_ATTEMPTED, SPOKEN, UNCLEAR, from_record

Report = Mapping[str, Any]


def report(
    records: Sequence[Mapping[str, Any]],
    who: str = "",
    lessons: Mapping[str, str] | None = None,
    when: datetime | None = None,
) -> dict[str, Any]:
    """The records under whose they are, when they were made, and by which release.

    `lessons` says of each lesson that was run around the code what it raised, or "".
    """
    moment = (when or datetime.now(UTC)).isoformat(timespec="seconds")
    about = {"who": who, "when": moment, "release": release()}
    return {**about, "lessons": dict(lessons or {}), "exercises": list(records)}


def release() -> str:
    """The version of the course that judged."""
    try:
        return metadata.version("hook-line-socket")
    except metadata.PackageNotFoundError:
        return "unknown"


def table(of: Report) -> str:
    """One line an exercise, then the sum, then what the incorrect ones say."""
    records = of["exercises"]
    lines = [f"{r['exercise']:<18} {SPOKEN[r['verdict']]:<14} {r['bug'] or ''}" for r in records]
    wrong = [from_record(r).text for r in records if r["verdict"] in (INCORRECT, UNCLEAR)]
    stumbled = [*map(_stumbled, _troubles(of))]
    return "\n".join([*map(str.rstrip, lines), "", summary(of), *_apart([*stumbled, *wrong])])


def summary(of: Report) -> str:
    """How many of each outcome, in one line."""
    counts = Counter(record["verdict"] for record in of["exercises"])
    return ", ".join(f"{counts[name]} {words}" for name, words in SPOKEN.items())


def markdown(of: Report) -> str:
    """A table and, folded below it, every verdict in full."""
    records = of["exercises"]
    rows = [f"| `{r['exercise']}` | {SPOKEN[r['verdict']]} | {_code(r['bug'])} |" for r in records]
    said = [
        f"<details><summary>{r['exercise']}: {SPOKEN[r['verdict']]}</summary>\n\n"
        f"```text\n{from_record(r).text}\n\n{r['diagram']}\n```\n\n</details>"
        for r in records
        if r["verdict"] in (INCORRECT, UNCLEAR)
    ]
    head = ["| exercise | verdict | bug |", "|---|---|---|"]
    stumbled = [*map(_stumbled, _troubles(of))]
    return "\n".join([f"{summary(of)}.", "", *head, *rows, *_apart([*stumbled, *said]), ""])


def junit(of: Report) -> bytes:
    """A test case an exercise: incorrect is a failure, unclear an error, not attempted skipped.

    A lesson that was run is a case of its own.
    """
    root = ET.Element("testsuites")
    records, lessons = of["exercises"], of["lessons"]
    counts = Counter(record["verdict"] for record in records)
    numbers = counts[INCORRECT], counts[UNCLEAR], counts[NOT_ATTEMPTED]
    suite = _suite(root, "exercises", of["when"], len(records), *numbers)
    for record in records:
        lesson, _, name = record["exercise"].partition(".")
        _outcome(ET.SubElement(suite, "testcase", classname=lesson, name=name), record)
    stumbled = dict(_troubles(of))
    suite = _suite(root, "lessons", of["when"], len(lessons), len(stumbled), 0, 0)
    for name in lessons:
        case = ET.SubElement(suite, "testcase", classname="lessons", name=name)
        if name in stumbled:
            ET.SubElement(case, "failure", message=_safe(_stumbled((name, stumbled[name]))))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(
    root: ET.Element, name: str, when: str, tests: int, failures: int, errors: int, skipped: int
) -> ET.Element:
    counted = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped}
    return ET.SubElement(
        root,
        "testsuite",
        {"name": name, "timestamp": when, **{k: f"{v}" for k, v in counted.items()}},
    )


def _troubles(of: Report) -> list[tuple[str, str]]:
    return [(name, says) for name, says in of["lessons"].items() if says]


def _stumbled(lesson: tuple[str, str]) -> str:
    return f"{lesson[0]} does not run around this code: {lesson[1]}."


def _outcome(case: ET.Element, record: Mapping[str, Any]) -> None:
    verdict = from_record(record)
    kinds = {INCORRECT: "failure", UNCLEAR: "error", NOT_ATTEMPTED: "skipped"}
    if verdict.verdict in kinds:
        child = ET.SubElement(case, kinds[verdict.verdict], message=_safe(verdict.headline))
        if verdict.verdict != NOT_ATTEMPTED:
            child.text = _safe(f"{verdict.text}\n\n{record['diagram']}")


def _safe(text: str) -> str:
    """Text that XML can hold: control characters have no place in it."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def _code(text: str | None) -> str:
    return f"`{text}`" if text else ""


def _apart(parts: Sequence[str]) -> list[str]:
    return [line for part in parts for line in ("", part)]
