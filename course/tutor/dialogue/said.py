"""What an interviewer says: the opening, answers to questions, probes, the change."""

import re
from collections.abc import Mapping, Sequence

from course.tutor.answering.words import terms
from course.tutor.dialogue.interview import Interview
from labs.studio.prompts import Prompt, rubric

OPENING = """\
**Mock interview: {title}.** {brief}

Ask me what you need to know, or give your design in one message: what you choose for each hop and \
what you turn down, the figures that decide, and what happens when something is lost, slow or \
silent. I will probe, and change one requirement; then you see the rubric. \
`repeat`, `finish` and `another` do what they say."""
TOO_SHORT = (
    "That is short for a design. Go on: which mechanism for each hop, which figures decide, and "
    "what happens when a line breaks?"
)
YOURS = "That one is yours to decide: say the figure that you assume."
PROBE = "**{title}.** {ask}"
CHANGE = "**The requirement changes: {title}.** {says}\n\nSay first what still holds."
# The words by which a prompt is asked for.
TOPICS = {
    "live-auction": r"\bauction|\bbid",
    "ci-status": r"\bci\b|\bbuild",
    "chat": r"\bchat|\bmessenger",
    "payments": r"\bpay|\bmoney|\bbank",
    "our-webhooks": r"\bour\b|\bown product|\bsend(?:ing|er)",
}
QUESTION = re.compile(r"[^?.!\n]*\?")
# What people want to know, and how the prompts ask for it.
WANTED = tuple(
    (re.compile(here, re.IGNORECASE), re.compile(there, re.IGNORECASE))
    for here, there in (
        (r"how many|number of|how big|scale|load|traffic|users", r"how many"),
        (r"fresh|laten|late\b|stale|delay|how (?:fast|soon|quick)", r"how (?:old|late|soon|fast)"),
        (r"\blos[et]|\bmiss|reliab|guarantee|durab|tolera", r"\blos[et]|\bmiss"),
        (r"\border|which .* first|sequence", r"\border|first"),
    )
)  # fmt: skip
MOST = 4  # questions that are answered at once


def opening(held: Interview) -> str:
    """The task."""
    about = held.about
    return OPENING.format(title=about.title, brief=str(about.content["brief"]).strip())


def clarified(about: Prompt, words: str) -> str:
    """The answers to the questions in these words, each once."""
    said = dict.fromkeys(answer(about, each) for each in QUESTION.findall(words)[:MOST])
    return "\n\n".join(said) or YOURS


def answer(about: Prompt, question: str) -> str:
    """What the prompt knows about this, or that it is for the learner to decide."""
    asked = frozenset(terms(question))
    known = [(likeness(question, asked, each), each["says"]) for each in about.content["asks"]]
    best, says = max(known, key=lambda each: each[0])
    return str(says) if best else YOURS


def likeness(question: str, asked: frozenset[str], known: Mapping[str, str]) -> int:
    """How much a question has of one that the prompt knows: words in common, and what it wants."""
    same = any(here.search(question) and there.search(known["ask"]) for here, there in WANTED)
    return len(asked & frozenset(terms(f"{known['ask']} {known['says']}"))) + 3 * same


def probe(held: Interview) -> str:
    """The last probe, under the name of its dimension."""
    last = held.probes[-1]
    title = next(d["title"] for d in rubric()["dimensions"] if d["id"] == last.dimension)
    return PROBE.format(title=title, ask=last.ask)


def change(held: Interview) -> str:
    """The change of the requirement."""
    told = next(each for each in held.about.changes if each.id == held.change)
    return CHANGE.format(title=told.title, says=told.says)


def again(held: Interview) -> str:
    """What was said last."""
    if held.stage == "changed":
        return change(held)
    return probe(held) if held.probes else opening(held)


def chosen(known: Sequence[Prompt], words: str, done: Sequence[str]) -> Prompt:
    """The prompt that the words name, else the one that was had least often, in their order."""
    named = [each for each in known if re.search(TOPICS[each.id], words, re.IGNORECASE)]
    return min(named or known, key=lambda each: done.count(each.id))
