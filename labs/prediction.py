"""Predictions: what a reader commits to before a run, declared once.

A declaration shows itself as text and as JSON; a kernel's widgets and the site draw their
controls from it. A prediction never blocks: `reveal` says what the run says, and beside it
what was committed, or that nothing was.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeAlias

MIME = "application/vnd.hook-line-socket.prediction+json"

Answer: TypeAlias = tuple[float, ...] | tuple[str, ...]

# What was committed in this process, by the question's key; None means skipped.
# To keep answers longer, put another mapping here.
answers: MutableMapping[str, Answer | None] = {}


class Shown(Protocol):
    """Anything that shows itself: a run, a diagram, a panel."""

    def _repr_mimebundle_(self, *, include: Any = None, exclude: Any = None) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a prediction asks for; `low` and `high` are what a reader may write."""

    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None

    def range(self) -> str:
        """The numbers allowed, in words: "0 to 50 sends"."""
        if self.low is None or self.high is None:
            return f"a number, {self.unit}" if self.unit else "a number"
        return with_unit(f"{in_full(self.low)} to {in_full(self.high)}", self.unit)

    def parse(self, text: str) -> float:
        """The number that a reader wrote. Raises: ValueError with a sentence."""
        try:
            number = float(text.strip().replace(",", "."))
        except ValueError:
            number = float("nan")
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= number <= high:
            where = f" for “{self.label}”" if self.label else ""
            raise ValueError(f"Write a number{where}: {self.range()}.")
        return int(number) if number.is_integer() else number


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question to commit to; `kind` is "numbers", "one of", "some of" or "order"."""

    key: str
    question: str
    kind: str
    numbers: tuple[Number, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def committed(self) -> Answer | None:
        """What the reader committed; None when nothing was, or the question was skipped."""
        return answers.get(self.key)

    def commit(self, *answer: Any) -> None:
        """Keeps the answer. Raises: ValueError with a sentence when it does not fit."""
        answers[self.key] = _checked(self, answer)

    def skip(self) -> None:
        """Keeps that the reader went on without an answer."""
        answers[self.key] = None

    def reveal(self, *actual: Any, beside: Shown | None = None) -> Reveal:
        """What the run says next to what was committed; `beside` is shown below it."""
        says = tuple(actual[0]) if _is_group(actual) else actual
        return Reveal(self, _comparable(self, says), self.committed, self.key in answers, beside)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/plain": str(self), MIME: asdict(self)}

    def __str__(self) -> str:
        return "\n".join([f"Predict: {self.question}", *_lines(self)])


@dataclass(frozen=True, slots=True)
class Reveal:
    """A prediction after the run: what the run says, and what was said before."""

    prediction: Prediction
    actual: tuple[Any, ...]
    answer: Answer | None
    seen: bool = False
    beside: Shown | None = field(default=None, compare=False)

    def says(self) -> str:
        """One sentence: "You said 30 s; the run says 40.0 s."."""
        run = f"the run says {spoken(self.prediction, self.actual)}"
        if self.answer is None:
            return f"{'You skipped this one' if self.seen else 'No prediction was made'}; {run}"
        if tuple(self.answer) == self.actual:
            return f"You said {spoken(self.prediction, self.answer)}, and {run}"
        return f"You said {spoken(self.prediction, self.answer)}; {run}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        shown = dict(self.beside._repr_mimebundle_()) if self.beside is not None else {}
        below = "\n\n" + shown["text/plain"] if "text/plain" in shown else ""
        record = {"reveals": self.prediction.key, "actual": list(self.actual), "says": self.says()}
        return {**shown, "text/plain": self.says() + below, MIME: record}

    def __str__(self) -> str:
        return self.says()


def predict(
    question: str,
    *numbers: Number,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    key: str = "",
) -> Prediction:
    """A prediction of one number (`unit`, `low`, `high`), or of several (a `Number` each)."""
    asked = numbers or (Number("", unit, low, high),)
    return Prediction(key or _key(question), question, "numbers", numbers=asked)


def choose(
    question: str, options: Sequence[object], several: bool = False, key: str = ""
) -> Prediction:
    """A prediction that picks one of the options, or with `several` each that applies."""
    kind = "some of" if several else "one of"
    named = tuple(str(option) for option in options)
    return Prediction(key or _key(question, kind, *named), question, kind, options=named)


def order(question: str, items: Sequence[object], key: str = "") -> Prediction:
    """A prediction that puts the items in order; they are offered as they stand here."""
    named = tuple(str(item) for item in items)
    return Prediction(key or _key(question, "order", *named), question, "order", options=named)


def in_full(number: float) -> str:
    """The number without an exponent: "1000000", "0.5"."""
    return f"{number:.12g}"


def with_unit(text: str, unit: str) -> str:
    """The text and its unit with the space between them; signs like % stand close."""
    return f"{text} {unit}".strip() if unit not in ("%", "°") else text + unit


def spoken(prediction: Prediction, answer: Sequence[Any]) -> str:
    """An answer in words: "decided 40.0 s, told 50.0 s" or "full jitter"."""
    if prediction.kind == "numbers":
        pairs = zip(prediction.numbers, answer, strict=True)
        return ", ".join(_number_spoken(number, value) for number, value in pairs)
    if prediction.kind == "order":
        return " → ".join(str(item) for item in answer)
    return ", ".join(str(item) for item in answer) or "none of them"


def _key(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _is_group(actual: tuple[Any, ...]) -> bool:
    return len(actual) == 1 and isinstance(actual[0], list | tuple | set | frozenset)


def _checked(prediction: Prediction, answer: tuple[Any, ...]) -> Answer:
    """The answer in the prediction's own form. Raises: ValueError."""
    if prediction.kind == "numbers":
        return _numbers(prediction, answer)
    picked = tuple(str(option) for option in answer)
    if not set(picked) <= set(prediction.options) or len(set(picked)) != len(picked):
        raise ValueError(f"Pick from these: {', '.join(prediction.options)}.")
    if prediction.kind == "one of" and len(picked) != 1:
        raise ValueError("Pick one of the options.")
    if prediction.kind == "some of" and not picked:
        raise ValueError("Tick at least one of the options.")
    if prediction.kind == "order" and len(picked) != len(prediction.options):
        raise ValueError("Put every line in its place.")
    return picked if prediction.kind == "order" else _as_listed(prediction, picked)


def _numbers(prediction: Prediction, answer: tuple[Any, ...]) -> tuple[float, ...]:
    if len(answer) != len(prediction.numbers):
        raise ValueError(f"Write {len(prediction.numbers)} numbers.")
    pairs = zip(prediction.numbers, answer, strict=True)
    return tuple(number.parse(str(text)) for number, text in pairs)


def _as_listed(prediction: Prediction, picked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(option for option in prediction.options if option in picked)


def _comparable(prediction: Prediction, actual: tuple[Any, ...]) -> tuple[Any, ...]:
    if prediction.kind == "numbers":
        return actual
    named = tuple(str(item) for item in actual)
    return _as_listed(prediction, named) if prediction.kind == "some of" else named


def _number_spoken(number: Number, value: Any) -> str:
    rounded = round(value, 3) if isinstance(value, float) else value
    return f"{number.label} {with_unit(str(rounded), number.unit)}".strip()


def _lines(prediction: Prediction) -> list[str]:
    """What is asked, as fixed text below the question."""
    if prediction.kind == "numbers":
        return [
            f"  {n.label}: {n.range()}" if n.label else f"  {n.range()}" for n in prediction.numbers
        ]
    mark = {"one of": "( )", "some of": "[ ]", "order": " - "}[prediction.kind]
    return [f"  {mark} {option}" for option in prediction.options]
