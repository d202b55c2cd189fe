"""A question in, a reply out: guard, match, gate, compose."""

from collections.abc import Mapping, Sequence

from course.tutor.answering import composing, gate, guard
from course.tutor.answering.index import Asked, Index
from course.tutor.answering.matching import Match
from course.tutor.answering.passages import Passage, Reply
from course.tutor.answering.words import STRONG

STARTERS = (
    "What is the difference between a WebSocket and a webhook, point by point?",
    "How do I choose between polling, SSE, WebSocket and webhook?",
    "How do I verify a webhook signature?",
)
WORDS = {
    "off_topic": "This course is about WebSockets, webhooks and their neighbours; that it "
    "does not answer.",
    "unsure": "I am not sure that the course answers this. These sections come closest.",
    "solution": "Solutions, graders and quiz keys stay where they are. Ask for a hint, and I lead "
    "you to the paragraph.",
    "guarded": "I answer from the course's text and take no other orders.",
}
LITTLE = 4  # words of a question that leans on the learner's code or traceback


def answer(
    index: Index, question: str, mode: str = "explain", context: Mapping[str, object] | None = None
) -> Reply:
    """What the course says to this question, with citations; or that it says nothing."""
    if reason := guard.refused(question):
        words = "solution" if guard.asks_for_solution(question) else reason
        return Reply("declined", WORDS[words], suggestions=STARTERS, reason=reason)
    asked = with_context(index, index.understood(question), context)
    matches, found = index.matches(asked), index.search(asked)
    likely = gate.probability(index, gate.signals(index, asked, matches, found))
    if not matches or likely < index.thresholds["decline"]:
        return Reply("declined", WORDS["off_topic"], suggestions=STARTERS, reason="off_topic")
    named = "named" if STRONG & set(asked.words) else "answer"
    if likely < index.thresholds[named]:
        return unsure(matches, found)
    if mode == "hint":
        return composing.hinted(index, matches)
    if matches[0].score >= index.thresholds["match"] or not found:
        return composing.from_pair(index, asked, matches, question)
    return composing.from_passages(index, asked, matches, found)


def unsure(matches: Sequence[Match], found: Sequence[Passage]) -> Reply:
    """The closest sections and questions, and no answer."""
    where = "\n".join(f"- {composing.link(each)}" for each in found[:3])
    asks = tuple(match.pair.ask for match in matches[:3])
    text = f"{WORDS['unsure']}\n\n{where}" if where else WORDS["unsure"]
    return Reply("unsure", text, suggestions=asks, reason="unsure", passages=tuple(found[:3]))


def with_context(index: Index, asked: Asked, context: Mapping[str, object] | None) -> Asked:
    """The question, and if it says little, the last line of what the learner's code ended in."""
    given = guard.clean(context)
    if len(asked.words) >= LITTLE or not given:
        return asked
    said = (given.get("error") or given.get("output") or given.get("code", "")).strip()
    return index.understood(f"{asked.text} {said.splitlines()[-1][:300]}") if said else asked
