"""An answer out of sentences that stand in the course: the short one first, then what goes with it.

Sentences are quoted whole and never stitched; each run of sentences ends with the number of the
passage that bears it out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from course.tutor.answering.index import Asked, Index
from course.tutor.answering.matching import Match
from course.tutor.answering.passages import Citation, Pair, Passage, Reply, Said
from course.tutor.answering.words import terms

LONGEST = 185  # words of an answer, without the line that leads on
MORE = 4  # sentences beside the short answer
RIVALS = 6  # matches that may have a say
RELATED = 0.5  # of the best match's score, for a pair that may add something
SAME = 0.6  # share of common words from which a sentence says nothing new
BELIEVED = 0.55  # share of a misconception's words in a question that takes it for granted
ASKING = re.compile(
    r"\s*(?:what|how|why|when|which|who|where|explain|describe|tell|compare|difference|list|give|define)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not|no|never|n't|cannot|can't|isn't|aren't|don't|doesn't|without)\b|n't\b", re.IGNORECASE
)
CLAUSES = re.compile(r"[,;:.?!]\s*|\bso\b")
NO = re.compile(r"(?:no|not|neither)\b", re.IGNORECASE)
# A sentence that leans on the one before it is not quoted without it.
LEANS = re.compile(
    r"(?:No|Yes|Not|It|Its|They|Their|Them|One that|That|This|These|Those|Then|So|Otherwise|"
    r"Because|As|Among|Here|There|Both|Also|Each of|Longer|Shorter|Only|Another|Others?|If so|"
    r"In the lesson|With it|For two|Two|Three|From three|Four|Six|Start|Begin|Like|Most often|"
    r"Within|By|Either|Neither|Nor|And|But|Or)\b"
)
SENTENCE = re.compile(r'(?<=[.!?])["”)]?\s+(?=["“(]?[A-Z0-9])')


class Page:
    """An answer being written: sentences, and numbers for the passages they come from."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers: dict[str, int] = {}
        self.cited: list[Passage] = []
        self.paragraphs: list[str] = []
        self.said: list[frozenset[str]] = []
        self.words = 0

    def number(self, passage: Passage) -> int:
        """The number under which the passage is cited; one paragraph of the site has one number."""
        if passage.url not in self._numbers:
            self._numbers[passage.url] = len(self.cited) + 1
            self.cited.append(passage)
        return self._numbers[passage.url]

    def write(self, sentences: Sequence[Said]) -> None:
        """A paragraph of these sentences, each run with its number."""
        pieces = []
        for here, after in zip(sentences, [*sentences[1:], None], strict=True):
            n = self.number(self._index.passages[here.passage])
            last = after is None or self.number(self._index.passages[after.passage]) != n
            pieces.append(f"{here.text} [{n}]" if last else here.text)
            self.said.append(frozenset(terms(here.text)))
            self.words += len(here.text.split())
        self.paragraphs.append(" ".join(pieces))

    def new(self, text: str) -> bool:
        """Does the sentence say something that is not said yet, and is there room for it?"""
        words = frozenset(terms(text))
        room = self.words + len(text.split()) <= LONGEST
        return room and all(self._index.covered(words, there) < SAME for there in self.said)

    def citations(self) -> tuple[Citation, ...]:
        """The passages by their numbers."""
        return tuple(Citation(n, p.id, p.title, p.url) for n, p in enumerate(self.cited, 1))


def from_pair(index: Index, asked: Asked, matches: Sequence[Match], question: str) -> Reply:
    """The best pair's answer, and what the next ones add to it."""
    matches = correcting_first(index, question, matches)
    best = matches[0].pair
    page = Page(index)
    page.write(opened(index, question, best))
    rivals = [m for m in matches[1:RIVALS] if m.score >= RELATED * matches[0].score]
    offered = [(said, m.score) for m in rivals for said in m.pair.sentences]
    if more := list(chosen(index, asked, page, offered)):
        page.write(more)
    page.paragraphs.append(f"Go deeper: {link(index.passages[best.deeper])}")
    return finished(page, matches)


def from_passages(
    index: Index, asked: Asked, matches: Sequence[Match], found: Sequence[Passage]
) -> Reply:
    """The sentences of the passages that say most about the question."""
    page = Page(index)
    offered = [
        (Said(text, index.number(each)), 1 - rank / 10)
        for rank, each in enumerate(found)
        for text in sentences_of(each)
    ]
    for passage in found[:2]:
        if sentences := list(
            chosen(
                index, asked, page, [o for o in offered if index.passages[o[0].passage] == passage]
            )
        ):
            page.write(sentences)
    page.paragraphs.append(f"Go deeper: {link(found[0])}")
    return finished(page, matches)


def sentences_of(passage: Passage) -> list[str]:
    """The passage's sentences."""
    return SENTENCE.split(passage.text.replace("\n", " "))


def opened(index: Index, question: str, pair: Pair) -> list[Said]:
    """The pair's sentences, with No first where the question says what the pair corrects."""
    first, *rest = pair.sentences
    if ASKING.match(question):  # "what is ..." is not answered with no
        return [Said(first.text.removeprefix("No. "), first.passage), *rest]
    if NO.match(first.text) or not believed(index, question, pair):
        return [first, *rest]
    return [Said(f"No. {first.text}", first.passage), *rest]


def correcting_first(index: Index, question: str, matches: Sequence[Match]) -> list[Match]:
    """The matches, and in front the one whose misconception the question takes for granted."""
    rivals = [m for m in matches[:RIVALS] if m.score >= RELATED * matches[0].score]
    lead = next((m for m in rivals if believed(index, question, m.pair)), matches[0])
    return [lead, *(m for m in matches if m is not lead)]


def believed(index: Index, question: str, pair: Pair) -> bool:
    """Does the question say what the pair corrects, instead of asking?"""
    if not pair.corrects or ASKING.match(question):
        return False
    return any(takes_for_granted(index, part, pair.corrects) for part in CLAUSES.split(question))


def takes_for_granted(index: Index, clause: str, belief: str) -> bool:
    """Does the clause say what the belief says, and not its opposite?"""
    same_side = bool(DENIED.search(clause)) == bool(DENIED.search(belief))
    words = frozenset(terms(belief))
    return same_side and index.covered(words, frozenset(terms(clause))) >= BELIEVED


def chosen(
    index: Index, asked: Asked, page: Page, offered: Iterable[tuple[Said, float]]
) -> Iterator[Said]:
    """The sentences that say most about what was asked and nothing twice, in their order."""
    wanted = asked.parts[0]

    def worth(entry: tuple[int, tuple[Said, float]]) -> float:
        said, score = entry[1]
        return score * (0.15 + index.covered(wanted, frozenset(terms(said.text))))

    ranked = sorted(enumerate(offered), key=worth, reverse=True)
    taken: list[tuple[int, Said]] = []
    room = page.words
    for place, (said, _) in ranked:
        size = len(said.text.split())
        if (
            len(taken) < MORE
            and room + size <= LONGEST
            and stands_alone(said.text)
            and page.new(said.text)
        ):
            taken.append((place, said))
            room += size
    yield from (said for _, said in sorted(taken, key=lambda each: each[0]))


def stands_alone(text: str) -> bool:
    """Can the sentence be read without the one before it?"""
    return not LEANS.match(text) and text[:1].isupper()


def finished(page: Page, matches: Sequence[Match]) -> Reply:
    """The reply of a page."""
    cited = tuple(page.cited)
    text = "\n\n".join(page.paragraphs)
    return Reply("answer", text, page.citations(), follow_ups(matches), passages=cited)


def follow_ups(matches: Sequence[Match]) -> tuple[str, ...]:
    """Two questions that go on from here: the author's, and the next best."""
    if not matches:
        return ()
    best = matches[0].pair
    others = [best.next, *(m.pair.ask for m in matches[1:])]
    return tuple(dict.fromkeys(q for q in others if q and q != best.ask))[:2]


def hinted(index: Index, matches: Sequence[Match]) -> Reply:
    """No answer yet: a question back, what to look for, and where."""
    best = matches[0].pair
    page = Page(index)
    where = index.passages[best.deeper]
    n = page.number(where)
    rare = sorted(
        set(re.findall(r"[A-Za-z][\w-]{3,}", best.answer)), key=lambda w: -index.mass(terms(w))
    )
    look = ", ".join(f"“{word}”" for word in rare[:3])
    asked = (
        f"Some people believe: “{best.corrects}” What speaks against it?"
        if best.corrects
        else f"How would you answer it in one sentence: {best.ask}"
    )
    page.paragraphs = [
        f"{asked} [{n}]",
        f"Try it before you read on in {link(where)}. Words to look for: {look}.",
    ]
    return finished(page, matches)


def link(passage: Passage) -> str:
    """A link to the passage's paragraph, with its lesson or page."""
    where = passage.path[0] if passage.path else ""
    title = f"{where}, {passage.title}" if where and where != passage.title else passage.title
    return f"[{title.replace('[', '(').replace(']', ')')}]({passage.url})"
