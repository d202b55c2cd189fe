"""What all lessons' YAML says together: symptoms, Monday lists, myths, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from course.publish.authored import in_myths
from course.publish.pages import number_of
from course.publish.reference.places import Places
from labs.lessons import Lesson

# What people say at night -> the lesson, and the symptom that it is there.
SAID = {
    "1006 every 60 seconds": ("m6", "1006 about every 60 seconds, on lines with little traffic"),
    "400 behind the proxy": ("m4", "101 on the laptop, 400 or 426 behind the proxy"),
    "The signature never matches": ("m12", "Everything is refused since this morning"),
    "The signature matches most of the time": ("m12", "Some deliveries are refused, most are not"),
    "It came twice": ("m14", "A customer was charged twice for one event"),
    "It ran twice": ("m11", "The work for one event runs two to four times, some seconds apart"),
    "It never came": ("m11", "Events have stopped, and no log shows an error"),
    "We answered 200, and it is gone": ("m11", "The provider shows 2xx, and the event is nowhere"),
}
KINDS = ((0, 3, "Asking again and again"), (4, 10, "Lines that stay open"), (11, 16, "Deliveries"))


def symptoms(where: Places) -> str:
    """First what people say, then each symptom with its causes, the likeliest first."""
    ids = {
        (about.id, entry["sees"]): f"symptom-{about.id}-{number}"
        for about in where.lessons
        for number, entry in enumerate(about.content.get("symptoms", ()), 1)
    }
    said = [f"- [{words}](#{ids[known]})" for words, known in SAID.items() if known in ids]
    lead = ["You say:\n\n" + "\n".join(said)] if said else []
    return "\n\n".join([*lead, *_kinds(where, ids)])


def _kinds(where: Places, ids: Mapping[tuple[str, str], str]) -> Iterator[str]:
    with_some = [about for about in where.lessons if "symptoms" in about.content]
    for kind, lessons in groupby(with_some, key=_kind):
        yield f"## {kind}"
        for about in lessons:
            for entry in about.content["symptoms"]:
                yield _symptom(about, entry, ids[about.id, entry["sees"]], where)


def _symptom(about: Lesson, entry: Mapping[str, Any], name: str, where: Places) -> str:
    causes = "\n".join(f"{n}. {_sentence(cause)}" for n, cause in enumerate(entry["causes"], 1))
    reading = f"Read on in {where.link(about.id, entry['anchor'])}."
    return f"### {entry['sees']} {{ #{name} }}\n\n{causes}\n\n{reading}"


def _kind(about: Lesson) -> str:
    number = int(about.id[1:])
    return next((name for first, last, name in KINDS if first <= number <= last), "Elsewhere")


def monday(where: Places) -> str:
    """Each lesson's five things to check in one's own system."""
    return "\n\n".join(
        f"## {number_of(about)}: {about.title}\n\n"
        f"{about.monday().markdown.partition(chr(10) * 2)[2]}\n\n"
        f"The lesson: {where.link(about.id)}."
        for about in where.lessons
        if "monday" in about.content
    )


def myths(where: Places) -> str:
    """What people believe, folded over what is so; and the wrong choices of each quiz."""
    return "\n\n".join(
        "\n\n".join(
            [f"## {number_of(about)}: {about.title}", *_corrected(about, where), *_wrong(about)]
        )
        for about in where.lessons
        if "questions" in about.content
    )


def _corrected(about: Lesson, where: Places) -> Iterator[str]:
    for entry in about.content["questions"]:
        believed = _sentence(entry["corrects"].removeprefix("that "))
        # Within the fold, so that a link to it opens the fold.
        reading = (
            f"{entry['answer'].strip()}\n{{: #{in_myths(about, entry['ask'])} }}\n\n"
            f"Read on in {where.link(about.id, entry['anchor'])}."
        )
        yield _fold("hls-myth", f"“{believed}”", reading)


def _wrong(about: Lesson) -> Iterator[str]:
    items: Sequence[Mapping[str, Any]] = about.content.get("quiz", ())
    lines = [
        f"- {item['ask']} *{choice['text']}* {choice['why']}"
        for item in items
        for choice in item["choices"]
        if not choice.get("right")
    ]
    if lines:
        yield _fold(
            "hls-myth", "The wrong answers of its quiz (this gives it away)", "\n".join(lines)
        )


def left_out(where: Places) -> str:
    """What each lesson says that it leaves out."""
    return "\n\n".join(
        f"**{where.link(about.id)}**\n\n"
        + "\n".join(f"- {_sentence(each)}" for each in about.content["recap"]["leaves_out"])
        for about in where.lessons
        if "recap" in about.content
    )


def _fold(kind: str, summary: str, body: str) -> str:
    opened = f'<details class="{kind}" markdown="1"><summary markdown="span">{summary}</summary>'
    return f"{opened}\n\n{body}\n\n</details>"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
