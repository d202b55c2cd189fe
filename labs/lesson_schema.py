"""What may stand in a lesson's YAML, as one table, and the check that holds a file to it.

section     one entry                                                             how many
lesson      id, title, core_minutes, minutes, needs: [ids], promises: [sentences]
claims      says (words on the page), and is (Python over the notebook's names)
            or source: {page, checked}                                            any
test_out    ask, choices: [{text, why, right: true (one of them)}]                3
quiz        the same; may name the card that a wrong answer adds: card            5
cards       front, back (40 words at most), source                                8 to 10
interview   ask, strong: [], flags: [], follow_ups: [], levels: {junior, senior,
            staff}, answer, evidence: [names of runs]                             3
monday      check, how, settings: [{product, setting, source, checked}]           5
symptoms    sees, causes: [] (most likely first), anchor (a heading's slug)       2 to 4
questions   ask, variants: [], answer (40 to 90 words), anchor, corrects          8 to 15
recap       sentences: [], leaves_out: [], next, sources: []
break       id, goal, when (a condition on the journal)                           3
order       run, events: [6 to 8 numbers]

Needed are lesson and claims; within an entry, only needs, promises, is or source, right, card,
settings and recap's sources may be left out.
An unknown key, a missing one, a wrong choice without its reason: one sentence with file and key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

import yaml


class LessonError(ValueError):
    """A lesson's YAML is not what the table above allows; the text names file and key."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text, with the least and the most words it may have."""

    least: int = 1
    most: int = 10_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number above zero."""


@dataclass(frozen=True, slots=True)
class Yes:
    """`true`, or the key is left out."""


@dataclass(frozen=True, slots=True)
class Each:
    """A list whose entries have one form."""

    form: Form
    least: int = 0
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping with these keys and no other; `may` holds those that can be left out."""

    must: Mapping[str, Form]
    may: Mapping[str, Form] = field(default_factory=dict)


Form: TypeAlias = Words | Whole | Yes | Each | Keys

TEXT = Words()
TEXTS = Each(TEXT, least=1)
SOURCE = Keys({"page": TEXT, "checked": TEXT})
CHOICE = Keys({"text": TEXT, "why": TEXT}, {"right": Yes()})
ITEM = Keys({"ask": TEXT, "choices": Each(CHOICE, least=2, most=6)}, {"card": TEXT})
SETTING = Keys({"product": TEXT, "setting": TEXT, "source": TEXT, "checked": TEXT})
LEVELS = Keys({"junior": TEXT, "senior": TEXT, "staff": TEXT})

QUESTION = Keys(
    {
        "ask": TEXT,
        "strong": TEXTS,
        "flags": TEXTS,
        "follow_ups": TEXTS,
        "levels": LEVELS,
        "answer": TEXT,
        "evidence": TEXTS,
    }
)
ASKED = Keys(
    {"ask": TEXT, "variants": TEXTS, "answer": Words(40, 90), "anchor": TEXT, "corrects": TEXT}
)

LESSON = Keys(
    must={
        "lesson": Keys(
            {"id": TEXT, "title": TEXT, "core_minutes": Whole(), "minutes": Whole()},
            {"needs": Each(TEXT), "promises": Each(TEXT, most=5)},
        ),
        "claims": Each(Keys({"says": TEXT}, {"is": TEXT, "source": SOURCE})),
    },
    may={
        "test_out": Each(ITEM, least=3, most=3),
        "quiz": Each(ITEM, least=5, most=5),
        "cards": Each(Keys({"front": TEXT, "back": Words(most=40), "source": TEXT}), 8, 10),
        "interview": Each(QUESTION, 3, 3),
        "monday": Each(Keys({"check": TEXT, "how": TEXT}, {"settings": Each(SETTING)}), 5, 5),
        "symptoms": Each(Keys({"sees": TEXT, "causes": TEXTS, "anchor": TEXT}), 2, 4),
        "questions": Each(ASKED, 8, 15),
        "recap": Keys({"sentences": TEXTS, "leaves_out": TEXTS, "next": TEXT}, {"sources": TEXTS}),
        "break": Each(Keys({"id": TEXT, "goal": TEXT, "when": TEXT}), 3, 3),
        "order": Keys({"run": TEXT, "events": Each(Whole(), 6, 8)}),
    },
)


def read(text: str, file: str) -> Mapping[str, Any]:
    """The lesson that `text` holds; raises LessonError with the first thing that is wrong."""
    content = dated(parsed(text, file))
    for trouble in chain(differences(content, LESSON, ""), rules(content)):
        raise LessonError(f"{file}: {trouble}")
    return dict(content)


def parsed(text: str, file: str) -> Any:
    """The YAML as plain values; a key given twice is an error, not the last one's victory."""
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        for twice in repeated(node):
            raise LessonError(f"{file}: the key {twice} is given twice")
        return None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        hint = "text with ? : # , or brackets in it needs quotes"
        raise LessonError(f"{file} is not YAML{line}: {problem}; {hint}") from None


def repeated(node: Any) -> Iterator[str]:
    """Each key that a mapping gives twice, with its line."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"'{key.value}' (line {key.start_mark.line + 1})"
            seen.add(key.value)
            yield from repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from repeated(entry)


def dated(value: Any) -> Any:
    """The same values with YAML's dates as text, as they were written."""
    if isinstance(value, dict):
        return {key: dated(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [dated(entry) for entry in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def differences(value: Any, form: Form, key: str) -> Iterator[str]:
    """One sentence for each place where `value` is not of the form."""
    match form:
        case Words(least, most):
            yield from _words(value, least, most, key)
        case Whole():
            if type(value) is not int or value < 1:
                yield f"{key} must be a whole number above 0, not {value!r}"
        case Yes():
            if value is not True:
                yield f"{key} must be true or be left out, not {value!r}"
        case Each():
            yield from _each(value, form, key)
        case Keys():
            yield from _keys(value, form, key)


def rules(content: Mapping[str, Any]) -> Iterator[str]:
    """What a table of forms cannot say."""
    for number, claim in enumerate(content["claims"], 1):
        if ("is" in claim) == ("source" in claim):
            yield f"claims[{number}] ({claim['says']!r}) needs either `is` or `source`"
    for section in ("test_out", "quiz"):
        for number, item in enumerate(content.get(section, ()), 1):
            if (right := sum("right" in choice for choice in item["choices"])) != 1:
                yield f"{section}[{number}] needs one choice with `right: true`, it has {right}"


def _words(value: Any, least: int, most: int, key: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{key} must be text, not {value!r}; put it in quotes"
    elif not least <= (count := len(value.split())) <= most:
        limit = "is empty" if count == 0 else f"has {count} words; {least} to {most} are allowed"
        yield f"{key} {limit}"


def _each(value: Any, form: Each, key: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{key} must be a list"
        return
    if not form.least <= len(value) <= form.most:
        yield f"{key} has {len(value)} entries; {form.least} to {form.most} are allowed"
    for number, entry in enumerate(value, 1):
        yield from differences(entry, form.form, f"{key}[{number}]")


def _keys(value: Any, form: Keys, key: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{key or 'the file'} must be a mapping of keys to values"
        return
    known = {**form.must, **form.may}
    where = f"{key}." if key else ""
    for name in value:
        if name not in known:
            yield f"{where}{name} is not a known key; known are {', '.join(known)}"
    for name in form.must:
        if name not in value:
            yield f"{where}{name} is missing"
    for name, entry in value.items():
        if name in known:
            yield from differences(entry, known[name], f"{where}{name}")
