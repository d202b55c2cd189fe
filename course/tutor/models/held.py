"""A model's answer held to its sources, sentence by sentence while it streams.

A sentence leaves when a marker of a source stands in it, or after it in the same paragraph. What
names a source that was not given leaves never, nor what its source does not bear out, nor code
that stands in no source.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from course.tutor.models.model import Source
from course.tutor.models.pieces import Cutter, Piece
from course.tutor.models.plain import plain
from course.tutor.models.support import Support

GAPS = (" ", "\n", "\n\n")
LANGUAGE = re.compile(r"^(?:`{3,}|~{3,})([A-Za-z]*)")
LETTER = re.compile(r"[^\W\d_]")


class Held:
    """Lets through what the sources bear out; `cited` are those that it came from, in order."""

    def __init__(
        self, sources: Sequence[Source], learners: str, forbidden: Callable[[str], bool]
    ) -> None:
        self.sources = tuple(sources)
        self.cited: list[Source] = []
        self.dropped = 0
        self._support = Support(sources, learners)
        self._quotable = {tight(line) for each in sources for line in each.text.splitlines()}
        self._forbidden = forbidden
        self._cutter = Cutter()
        self._waiting: list[Piece] = []
        self._gap = ""
        self._started = False

    def feed(self, text: str) -> str:
        """What may leave, now that this has come."""
        return "".join(self._let_out(self._cutter.feed(text)))

    def end(self) -> str:
        """What may still leave, now that nothing more comes."""
        out = "".join(self._let_out(self._cutter.end()))
        self.dropped += len(self._waiting)
        return out

    def _let_out(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for piece in pieces:
            if piece.gap == "\n\n":
                self._forget()
            yield from self._block(piece) if piece.is_code else self._sentence(piece)

    def _forget(self) -> None:
        """A paragraph has ended: what waited in vain is dropped, unless it leads to the next."""
        kept = [piece for piece in self._waiting if piece.leads_in]
        self.dropped += len(self._waiting) - len(kept)
        self._waiting = kept

    def _sentence(self, raw: Piece) -> Iterator[str]:
        piece = replace(raw, text=plain(raw.text))
        named = self._support.numbers(piece.text)
        if named == ():
            self._waiting.append(piece)
        elif named is None or not self._may(piece.text, named):
            self._drop(piece)
        else:
            waited, self._waiting = self._waiting, []
            for each in waited:
                yield from self._out(each) if self._may(each.text, named) else self._drop(each)
            yield from self._out(piece)
            self._cite(named)

    def _block(self, piece: Piece) -> Iterator[str]:
        """Code, if every line of it stands in a source."""
        first, *lines = piece.text.splitlines()
        lines = lines[:-1] if lines and lines[-1].lstrip().startswith(("```", "~~~")) else lines
        if not self.cited or not {tight(line) for line in lines} - {""} <= self._quotable:
            yield from self._drop(piece)
            return
        waited, self._waiting = self._waiting, []
        for each in waited:
            named = [source.n for source in self.cited]
            yield from self._out(each) if self._may(each.text, named) else self._drop(each)
        language = LANGUAGE.match(first)
        fenced = [f"```{language[1] if language else ''}", *lines, "```"]
        yield self._spaced(piece.gap, "\n".join(fenced))

    def _may(self, text: str, named: Iterable[int]) -> bool:
        return self._support.bears_out(text, named) and not self._forbidden(text)

    def _out(self, piece: Piece) -> Iterator[str]:
        said = LETTER.search(piece.text)
        yield from [self._spaced(piece.gap, piece.text)] if said else self._drop(piece)

    def _drop(self, piece: Piece) -> Iterator[str]:
        self.dropped += 1
        self._gap = wider(self._gap, piece.gap)
        return iter(())

    def _spaced(self, gap: str, text: str) -> str:
        before, self._gap = wider(self._gap, gap) if self._started else "", " "
        self._started = True
        return before + text

    def _cite(self, named: Iterable[int]) -> None:
        new = (self._support.sources[number] for number in named)
        self.cited += [source for source in new if source not in self.cited]


def wider(one: str, other: str) -> str:
    """The wider of two gaps."""
    return max(one, other, key=lambda gap: GAPS.index(gap) if gap in GAPS else -1)


def tight(line: str) -> str:
    """A line without its spaces."""
    return "".join(line.split())
