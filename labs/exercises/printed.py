"""What a submission prints while it is judged: kept, up to a limit, and shown with the verdict."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator

LIMIT = 2_000  # characters shown


class Printed(io.TextIOBase):
    """A text file that remembers its beginning and counts the rest."""

    def __init__(self) -> None:
        self.text, self.length = "", 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep what fits; how many characters were written."""
        self.text += text[: max(0, LIMIT - len(self.text))]
        self.length += len(text)
        return len(text)

    def says(self) -> str:
        """What was printed, and how much of it is not shown."""
        rest = self.length - len(self.text)
        more = f"\n    ... and {rest:,} characters more" if rest else ""
        lines = "\n    ".join(self.text.rstrip("\n").splitlines())
        return f"Your code printed:\n\n    {lines}{more}"


@contextlib.contextmanager
def printing() -> Iterator[Printed]:
    """For the length of the block, what is printed is kept instead of shown."""
    printed = Printed()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield printed
