"""The paragraph of a lesson that says most about something, and further ones for a model."""

from course.tutor.answering import Index, Passage, Reply
from course.tutor.answering.words import terms
from course.tutor.models.model import Source

GIVEN = 6  # paragraphs that a model is given at most
LEAST = 0.1  # of what the words say, below which a paragraph is about something else


def nearest(index: Index, lesson: str, words: str) -> Passage | None:
    """The lesson's paragraph that covers most of the words, or None."""
    asked = frozenset(terms(words))
    of_it = [each for each in index.passages if each.url.startswith(f"/lessons/{lesson}/#")]
    covers = {each: index.covered(asked, frozenset(terms(each.text))) for each in of_it}
    best = max(of_it, key=lambda each: covers[each], default=None)
    return best if best and covers[best] >= LEAST else None


def sources(index: Index, reply: Reply, question: str) -> tuple[Source, ...]:
    """What a model may answer from: what the reply cites, by its numbers, and what else is near."""
    if reply.kind == "declined":
        return ()
    near = index.search(index.understood(question))
    found = {each.url: each for each in (*reply.passages, *near)}
    given = enumerate(list(found.values())[: max(GIVEN, len(reply.passages))], 1)
    return tuple(Source(n, each.id, each.title, each.url, each.text) for n, each in given)
