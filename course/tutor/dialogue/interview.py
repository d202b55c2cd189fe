"""A mock interview as a value: what was said so far, and what comes next. Nothing is stored here.

Its course is that of the studio: a design from a few figures, one to three probes where it is
weakest, one change of the requirement, then the rubric.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labs.lifecycle import Lifecycle
from labs.studio.prompts import Prompt, prompt, rubric
from labs.studio.review import AFTER, LEAST, Review, review
from labs.studio.words import count

INTERVIEW = Lifecycle(
    "a mock interview",
    {
        ("designing", "clarify"): "designing",
        ("designing", "too short"): "designing",
        ("designing", "answer"): "probing",
        ("probing", "answer"): "probing",
        ("probing", "change"): "changed",
        ("changed", "answer"): "judged",
        ("designing", "finish"): "judged",
        ("probing", "finish"): "judged",
        ("changed", "finish"): "judged",
    },
)
PROBES = 3  # at most
GOOD = 2  # of 4: when no dimension is below it, one probe is enough
LONGEST_QUESTION = 45  # words; a longer message with a question mark is the design
LONGEST_TEXT = 12_000  # characters that are kept of one part
CLARIFYING, DESIGN = "clarifying", "design"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question at one dimension of the rubric."""

    dimension: str
    ask: str


@dataclass(frozen=True, slots=True)
class Interview:
    """Where an interview stands; `texts` are the learner's words by what they answered."""

    prompt: str
    change: str
    stage: str = "designing"
    texts: Mapping[str, str] = field(default_factory=dict)
    probes: tuple[Probe, ...] = ()

    @property
    def about(self) -> Prompt:
        """The design prompt."""
        return prompt(self.prompt)

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.stage != "judged"

    def reviewed(self) -> Review:
        """What the words so far come to; the change counts once it was told."""
        told = self.change if self.stage in ("changed", "judged") else ""
        return review(self.about.asked(told), self.texts)

    def record(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {**asdict(self), "texts": dict(self.texts)}


def from_record(record: Mapping[str, Any]) -> Interview:
    """The interview that the record was made of."""
    probes = tuple(Probe(**each) for each in record["probes"])
    return Interview(**{**record, "probes": probes})


def begun(about: Prompt, held_before: int) -> Interview:
    """A new interview; who had this prompt before meets its other change."""
    return Interview(about.id, about.changes[held_before % len(about.changes)].id)


def after(held: Interview, words: str) -> tuple[Interview, str]:
    """The interview after the learner's words, and what it does now.

    That is one of `clarify`, `too short`, `probe`, `change` and `judge`.
    """
    event = heard(held, words)
    if event == "clarify":
        return _with(held, event, CLARIFYING, words), event
    if event == "too short":
        return _with(held, event, DESIGN, words), event
    if held.stage == "changed":
        return _with(held, event, AFTER, words), "judge"
    where = f"probe {len(held.probes)}" if held.probes else DESIGN
    answered = _with(held, event, where, words)
    if held.probes and enough(answered):
        return moved(answered, "change"), "change"
    return probed(answered), "probe"


def heard(held: Interview, words: str) -> str:
    """What these words are at this point."""
    if held.stage != "designing":
        return "answer"
    if "?" in words and count(words) <= LONGEST_QUESTION:
        return "clarify"
    so_far = held.texts.get(DESIGN, "")
    return "too short" if not so_far and count(words) < LEAST else "answer"


def enough(held: Interview) -> bool:
    """Whether there were probes enough: three, or one where nothing is weak."""
    return len(held.probes) >= PROBES or min(held.reviewed().scores.values()) >= GOOD


def moved(held: Interview, event: str) -> Interview:
    """The interview after an event that says nothing."""
    return replace(held, stage=INTERVIEW.move(held.stage, event))


def _with(held: Interview, event: str, where: str, words: str) -> Interview:
    before = held.texts.get(where)
    whole = f"{before}\n{words}" if before else words
    texts = {**held.texts, where: whole[:LONGEST_TEXT]}
    return replace(moved(held, event), texts=texts)


def probed(held: Interview) -> Interview:
    """The interview with one more probe: at its weakest dimension, with a question not yet asked.

    What the author asks where a point is missing comes first, then the dimension's own question.
    """
    seen = held.reviewed()
    asked = {probe.ask for probe in held.probes}
    for dimension in sorted(seen.scores, key=lambda name: seen.scores[name]):
        for ask in questions(held.about, dimension, seen):
            if ask not in asked:
                return replace(held, probes=(*held.probes, Probe(dimension, ask)))
    raise AssertionError("there are more dimensions than probes")


def questions(about: Prompt, dimension: str, seen: Review) -> Iterable[str]:
    """What can be asked at a dimension."""
    missing = {p.id for p in about.points if p.dimension == dimension and seen.points[p.id] is None}
    yield from (f["ask"] for f in about.content["follow_ups"] if f.get("missing") in missing)
    yield next(str(each["asks"]) for each in rubric()["dimensions"] if each["id"] == dimension)
