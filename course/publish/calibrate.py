"""Calibrates the tutor's gate on a dev set, and measures what it answers.

    python -m course.publish.calibrate tests/course/tutor/answering/devset.yaml [--write]

Of each kind every third question is held out. `--write` fits the gate's weights on the others and
stores them beside the answering; without it both figures are only printed.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import yaml

from course.publish import passages
from course.tutor.answering import Index, Reply, answer, gate, guard

ROOT = Path(__file__).resolve().parents[2]
INSIDE = (
    "in_scope", "misspelt", "keywords", "long_winded", "myths", "interview",
    "stack_overflow", "beginner",
)  # fmt: skip
OUTSIDE = ("off_topic", "near_miss", "own_words", "injection", "cheating")
ONLY_FOR_FITTING = ("outside", "inside")
ROUNDS, PACE, SHRINK = 1_500, 0.8, 0.002  # of the gradient descent
EVERY = 12  # variants are many


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the dev set."""

    kind: str
    ask: str
    facts: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    held: bool = False

    @property
    def inside(self) -> bool:
        """Should it be answered?"""
        return self.kind in (*INSIDE, "inside")


@dataclass(frozen=True, slots=True)
class Heard:
    """A question, its reply, and how long it took."""

    row: Row
    reply: Reply
    seconds: float
    found: int  # facts in the answer
    borne_out: int  # of those, facts in the cited paragraphs

    @property
    def refused(self) -> bool:
        """Was it anything but an answer?"""
        return self.reply.kind != "answer"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of questions comes to."""

    questions: int
    facts: float
    words: float
    support: float
    resolving: float
    refusal_recall: float
    refusal_precision: float
    false_refusals: float
    endorsed: int
    p95_ms: float

    def __str__(self) -> str:
        return (
            f"{self.questions} questions: "
            f"key facts {self.facts:.3f} in {self.words:.0f} words (median), "
            f"citations resolving {self.resolving:.3f}, support {self.support:.3f}, "
            f"refusal recall {self.refusal_recall:.3f}, precision {self.refusal_precision:.3f}, "
            f"false refusals {self.false_refusals:.3f}, misconceptions endorsed {self.endorsed}, "
            f"p95 {self.p95_ms:.1f} ms"
        )


def rows(text: str) -> list[Row]:
    """The questions of a dev set; the third, sixth ... of each kind is held out."""
    return [
        Row(
            kind,
            each["ask"],
            tuple(each.get("facts", ())),
            tuple(each.get("never", ())),
            number % 3 == 0,
        )
        for kind, entries in yaml.safe_load(text).items()
        for number, each in enumerate(entries, 1)
    ]


def heard(index: Index, asked: Iterable[Row]) -> Iterator[Heard]:
    """What is said to each question."""
    paragraphs: dict[str, str] = {}
    for each in index.passages:
        paragraphs[each.url] = f"{paragraphs.get(each.url, '')} {each.title} {each.text}"
    for row in asked:
        begin = time.perf_counter()
        reply = answer(index, row.ask)
        seconds = time.perf_counter() - begin
        said = reply.text if reply.kind == "answer" else ""
        cited = " ".join(paragraphs[each.url] for each in reply.citations)
        facts = [fact for fact in row.facts if re.search(fact, said, re.IGNORECASE)]
        borne = sum(bool(re.search(fact, cited, re.IGNORECASE)) for fact in facts)
        yield Heard(row, reply, seconds, len(facts), borne)


def figures(index: Index, all_of: Sequence[Heard]) -> Figures:
    """The figures of these replies."""
    inside = [each for each in all_of if each.row.inside]
    outside = [each for each in all_of if not each.row.inside]
    answered = [each for each in inside if not each.refused]
    cited = [each for one in all_of if not one.refused for each in one.reply.citations]
    there = {each.url for each in index.passages}
    refused = [each for each in all_of if each.refused]
    found = sum(each.found for each in inside)
    return Figures(
        len(all_of),
        statistics.mean(each.found / len(each.row.facts) for each in inside),
        statistics.median(len(each.reply.text.split()) for each in answered),
        sum(each.borne_out for each in inside) / max(1, found),
        sum(each.url in there for each in cited) / max(1, len(cited)),
        sum(each.refused for each in outside) / max(1, len(outside)),
        sum(not each.row.inside for each in refused) / max(1, len(refused)),
        1 - len(answered) / len(inside),
        sum(any(re.search(n, e.reply.text, re.IGNORECASE) for n in e.row.never) for e in inside),
        1000 * sorted(each.seconds for each in all_of)[int(0.95 * (len(all_of) - 1))],
    )


def fitted(index: Index, asked: Sequence[Row]) -> dict[str, Any]:
    """Weights of the gate's figures that tell these questions apart (logistic regression).

    What people may ask is many times what a dev set holds, so every so-manieth variant of the pairs
    is asked as well, as if it stood nowhere.
    """
    seen = [
        (astuple(_signals(index, row.ask)), row.inside)
        for row in asked
        if not guard.refused(row.ask)
    ]
    variants = [v for each in index.pairs for v in (each.ask, *each.variants)]
    seen += [(astuple(_signals(index, text, unseen=True)), True) for text in variants[::EVERY]]
    share = sum(inside for _, inside in seen) / len(seen)
    weights, bias = [0.0] * len(seen[0][0]), 0.0
    for _ in range(ROUNDS):
        slope, lift = [0.0] * len(weights), 0.0
        for values, inside in seen:
            total = bias + sum(w * v for w, v in zip(weights, values, strict=True))
            off = (1 / (1 + math.exp(-total)) - inside) / (share if inside else 1 - share)
            slope = [s + off * v for s, v in zip(slope, values, strict=True)]
            lift += off
        weights = [
            w - PACE * (s / len(seen) + SHRINK * w) for w, s in zip(weights, slope, strict=True)
        ]
        bias -= PACE * lift / len(seen)
    return {"weights": [round(each, 3) for each in weights], "bias": round(bias, 3)}


def _signals(index: Index, question: str, *, unseen: bool = False) -> gate.Signals:
    asked = index.understood(question)
    without = asked.parts[0] if unseen else frozenset()
    return gate.signals(index, asked, index.matches(asked, without), index.search(asked))


def measured(index: Index, asked: Sequence[Row]) -> tuple[Figures, Figures]:
    """The figures of what was tuned on, and of what was held out."""
    counted = [row for row in asked if row.kind not in ONLY_FOR_FITTING]
    all_of = list(heard(index, counted))
    return (
        figures(index, [each for each in all_of if not each.row.held]),
        figures(index, [each for each in all_of if each.row.held]),
    )


def opened(thresholds: Mapping[str, Any] | None = None) -> Index:
    """The index of this checkout."""
    content = passages.of_site(ROOT)
    return Index.open({**content, "thresholds": thresholds or content["thresholds"]})


def main(arguments: Sequence[str]) -> int:
    """Prints both figures; with `--write` it fits and stores the weights first."""
    asked = rows(Path(arguments[0]).read_text("utf-8"))
    index = opened()
    if "--write" in arguments:
        tuned = [row for row in asked if not row.held or row.kind in ONLY_FOR_FITTING]
        made = {**index.thresholds, **fitted(index, tuned)}
        passages.THRESHOLDS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        index = Index(index.passages, index.pairs, made)
    tuned_on, held_out = measured(index, asked)
    print(f"tuned on:  {tuned_on}\nheld out:  {held_out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
