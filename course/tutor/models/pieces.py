"""A stream of Markdown cut into sentences, lines and fenced blocks, as soon as each is whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCES = ("```", "~~~")
CLOSING = re.compile(r"\n {0,3}(?:`{3,}|~{3,})[ \t]*(?=\n|$)")
# A full stop with what belongs to it, also markers behind it; not of "e.g." and not of "1."
END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)(?<!^\d)(?<!^\d\d)"
    r"[.!?][\"')\]*_”’]*(?:[ \t]*\[\d{1,3}\])*(?=[ \t])"
)
ITEM = re.compile(r"(?:[-*+]|\d{1,2}[.)])(?:[ \t]|$)")
LOOKAHEAD = 8  # characters that tell whether a marker follows
LONGEST = 2_000  # of a line without an end


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, a line or a block; `gap` is what stood before it: a space or line breaks."""

    text: str
    gap: str
    is_code: bool = False

    @property
    def leads_in(self) -> bool:
        """Whether it belongs to what comes after it: a heading, or a line that ends in a colon."""
        return self.text.startswith("#") or self.text.endswith(":")


class Cutter:
    """Takes what arrives, and gives what is whole."""

    def __init__(self) -> None:
        self._buffer = ""
        self._gap = "\n\n"

    def feed(self, text: str) -> Iterator[Piece]:
        """The pieces that this text completes."""
        self._buffer += text.replace("\r", "")
        yield from self._whole(final=False)

    def end(self) -> Iterator[Piece]:
        """What is left."""
        yield from self._whole(final=True)

    def _whole(self, *, final: bool) -> Iterator[Piece]:
        while (length := self._length(final=final)) is not None:
            text, self._buffer = self._buffer[:length], self._buffer[length:]
            is_code = self._gap != " " and text.startswith(FENCES)
            yield Piece(text.rstrip(), self._gap, is_code)
            self._gap = " "

    def _length(self, *, final: bool) -> int | None:
        """How long the first piece is; None until that is known."""
        self._skip()
        if not self._buffer.strip() or (not final and self._buffer in ("`", "``", "~", "~~")):
            return None
        if self._gap != " " and self._buffer.startswith(FENCES):
            closing = CLOSING.search(self._buffer, 3)
            return closing.end() if closing else len(self._buffer) if final else None
        return self._of_sentence(final=final)

    def _of_sentence(self, *, final: bool) -> int | None:
        line = self._buffer.partition("\n")[0]
        broken = len(line) < len(self._buffer)
        if found := END.search(line):
            known = broken or final or len(line) - found.end() >= LOOKAHEAD
            return found.end() if known else None
        return len(line) if broken or final or len(line) > LONGEST else None

    def _skip(self) -> None:
        """Take what stands before the next piece; a list keeps its indentation."""
        rest = self._buffer.lstrip()
        before, line, indent = self._buffer[: len(self._buffer) - len(rest)].rpartition("\n")
        for _ in range(len(before.split("\n")) if line else 0):
            self._gap = "\n" if self._gap == " " else "\n\n"
        is_list = self._gap != " " and (not rest or ITEM.match(rest))
        self._buffer = (indent[:6] if is_list else "") + rest
