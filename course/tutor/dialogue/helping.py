"""Help with an exercise, from the exercise's own words: the ladder of hints, never the solution.

The grader's verdict is quoted and stands. What the learner wrote is not repeated, except for one
row of the wire table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from course.tutor.answering import Passage
from course.tutor.dialogue.work import Work
from course.tutor.models.model import Source
from course.tutor.models.written import Draft, cited
from course.tutor.protocol import Delta
from labs.exercises.exercise import RUNGS

if TYPE_CHECKING:
    from labs.exercises.faults import Rule

NO_SOLUTION = (
    "The solution is not the tutor's to give: `solution({id!r})` shows it in the notebook, when "
    "you decide so. Until then, this leads on."
)
VERDICT = {
    "incorrect": "The grader says **incorrect**{bug}, and its verdict stands.",
    "correct": "The grader says **correct**, and its verdict stands.",
    "not_attempted": "The grader has nothing to judge yet. It asks for {asks}.",
    "unclear": "The grader **could not tell**; check once more before you change anything.",
    "": "No verdict came along: `check({id!r})` says what your code does on the wire.",
}
ROW = "In the wire table, begin to read at row {number}: {quoted}. What could your code know then?"
RAISED = (
    "It ended in `{name}`. Look at the values in that line at that moment, rather than at what the "
    "line is meant to do."
)
LAST = "That was the last rung; `solution({id!r})` is the one behind it."
FURTHER = ("Give me the next hint", "What does the contract ask for here?")
CONTRACT, LESSON, RUNG = 1, 2, 3  # the numbers of the sources


def helped(
    work: Work, *, rung: int, passage: Passage | None, wants_solution: bool = False
) -> Draft:
    """The help for this work; `rung` is the hint to give, 0 for none."""
    sources = tuple(sourced(work, rung, passage))
    lead = [NO_SOLUTION.format(id=work.about.id)] if wants_solution else []
    text = "\n\n".join([*lead, *paragraphs(work, rung, passage)])
    citations = [cited(each) for each in sources if f"[{each.n}]" in text]
    return Draft((Delta(text), *citations), () if work.verdict == "correct" else FURTHER, sources)


def paragraphs(work: Work, rung: int, passage: Passage | None) -> Iterator[str]:
    """What is said, in its order: verdict, contract, where to look, hint, where to read."""
    yield said(work)
    expected, following, hint = told(work)
    if expected:
        yield f"What the contract asks for: {expected} [{CONTRACT}]"
        yield f"Look next at {following}.{f' {hint}' if hint else ''} [{CONTRACT}]"
    if work.raised:
        yield RAISED.format(name=work.raised)
    if work.row:
        yield ROW.format(number=work.row.number, quoted=work.row.quoted)
    if rung:
        name = RUNGS[rung - 1]
        yield f"**Hint {rung} of {len(RUNGS)}, {name}.** {work.about.hints[name].strip()}"
        if rung == len(RUNGS):
            yield LAST.format(id=work.about.id)
    if passage:
        yield f"The lesson says it in “{passage.title}” [{LESSON}]."


def said(work: Work) -> str:
    """The verdict in a sentence."""
    bug = f" (`{work.bug}`)" if known(work) else ""
    asks = ", ".join(f"the {kind} `{name}`" for name, kind in work.about.asks.items())
    return VERDICT[work.verdict].format(bug=bug, asks=asks, id=work.about.id)


def told(work: Work) -> tuple[str, str, str]:
    """What the bug breaks, where to look, and its hint; empty where none is known."""
    if work.verdict == "correct" or not work.bug:
        return "", "", ""
    if bug := work.about.bugs.get(work.bug):
        return bug.expected.strip(), bug.next.strip(), bug.hint.strip()
    rule = rules().get(work.bug)
    return (rule.expected, rule.next, "") if rule else ("", "", "")


def known(work: Work) -> bool:
    """Whether the bug is one of this exercise's, or one that any code can have."""
    return work.bug in work.about.bugs or work.bug in rules()


def rules() -> Mapping[str, Rule]:
    """The rules that hold for every exercise; they bring the whole world along, so late."""
    from labs.exercises.faults import RULES

    return RULES


def sourced(work: Work, rung: int, passage: Passage | None) -> Iterator[Source]:
    """The paragraphs that are cited, and that a model may answer from."""
    expected, following, hint = told(work)
    if expected:
        text = f"{expected} Look next at {following}. {hint}"
        yield Source(CONTRACT, work.about.id, f"{work.about.title}: {work.bug}", work.page, text)
    if passage:
        yield Source(LESSON, passage.id, passage.title, passage.url, passage.text)
    if rung:
        text = work.about.hints[RUNGS[rung - 1]]
        yield Source(RUNG, work.about.id, f"Hint {rung} of {len(RUNGS)}", work.page, text)


def wanted(work: Work) -> str:
    """The words by which the lesson's paragraph is found."""
    expected, following, hint = told(work)
    return f"{work.about.title} {expected} {following} {hint}"
