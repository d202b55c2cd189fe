"""A delivery as text with its signed bytes hatched and underlined, the others dotted.

Pattern and shape tell them apart, never colour alone; the text twin has a letter under each byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labs.palette import bundle, picture, text
from labs.webhook.coverage import Line, Mark, Span

COLUMNS, LETTER, ROW, EDGE = 58, 7.2, 27.0, 14.0  # characters; user units
WIDTH = COLUMNS * LETTER + 2 * EDGE
MONO = (
    "font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" "
    'font-size="12" xml:space="preserve"'
)
LEGEND = {
    Mark.SIGNED: "signed",
    Mark.SUMMED: "by its checksum",
    Mark.SIGNATURE: "the signature",
    Mark.UNSIGNED: "not signed",
}


@dataclass(frozen=True, slots=True)
class SignedPicture:
    """Deliveries under their captions, all in one picture."""

    title: str
    deliveries: Mapping[str, tuple[Line, ...]]

    def __str__(self) -> str:
        blocks = [[self.title, "  ".join(f"{m.value} {LEGEND[m]}" for m in self._marks())]]
        for caption, lines in self.deliveries.items():
            rows = [row for line in lines for row in wrapped(line)]
            blocks.append([caption] * bool(caption) + [each for row in rows for each in _twin(row)])
        return "\n\n".join("\n".join(block) for block in blocks)

    def to_svg(self) -> str:
        """The picture, with a title and, as its description, how many bytes are signed."""
        y, body = EDGE + 14, [text(EDGE, EDGE + 12, self.title, "ink", 'font-weight="700"')]
        y = self._legend(y + 20, body)
        for caption, lines in self.deliveries.items():
            if caption:
                y += ROW
                body.append(text(EDGE, y - 6, caption, "ink", 'font-weight="700"'))
            for row in (row for line in lines for row in wrapped(line)):
                y += ROW
                body.append(_row(row, y - 10))
            y += 6
        return picture(self.title, self._said(), WIDTH, y + 8, "".join(body))

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.to_svg(), str(self))

    def _marks(self) -> list[Mark]:
        used = {span.mark for lines in self.deliveries.values() for line in lines for span in line}
        return [mark for mark in LEGEND if mark in used]

    def _legend(self, y: float, body: list[str]) -> float:
        x = EDGE
        for mark in self._marks():
            body.append(_stretch(x, y, 24, mark) + text(x + 30, y, LEGEND[mark], "soft"))
            x += 40 + len(LEGEND[mark]) * 6.4
        return y + 10

    def _said(self) -> str:
        counted = {caption: _counted(lines) for caption, lines in self.deliveries.items()}
        return "; ".join(f"{caption or self.title}: {count}" for caption, count in counted.items())


def wrapped(line: Line) -> Iterable[Line]:
    """The line on as many rows as it takes, each stretch keeping its mark."""
    row: list[Span] = []
    room = COLUMNS
    for span in line:
        left = span.text
        while len(left) > room:
            yield (*row, Span(left[:room], span.mark))
            row, left, room = [], left[room:], COLUMNS
        row.append(Span(left, span.mark))
        room -= len(left)
    if row:
        yield tuple(row)


def _twin(row: Line) -> tuple[str, str]:
    """A row, and under each of its characters the letter of its mark."""
    words = "".join(span.text for span in row)
    return words, "".join(span.mark.value * len(span.text) for span in row)


def _row(row: Line, y: float) -> str:
    drawn, x = [], EDGE
    for span in row:
        width = len(span.text) * LETTER
        fixed = f'textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
        drawn.append(_stretch(x, y, width, span.mark))
        colour = "soft" if span.mark is Mark.UNSIGNED else "ink"
        drawn.append(text(x, y, span.text, colour, f"{MONO} {fixed}") if span.text else "")
        x += width
    return "".join(drawn)


def _stretch(x: float, y: float, width: float, mark: Mark) -> str:
    """What lies behind and under a stretch whose text stands at the height `y`."""
    top, low = y - 12, y + 5
    if mark is Mark.SIGNATURE:
        return (
            f'<rect x="{x:g}" y="{top:g}" width="{width:g}" height="{low - top:g}" rx="3" '
            f'fill="none" stroke="var(--hls-ink)" stroke-width="1.5"/>'
        )
    line = f'<path d="M{x:g},{low:g}h{width:g}" fill="none" stroke="var(--hls-{{}})" {{}}/>'
    if mark is Mark.UNSIGNED:
        return line.format("soft", 'stroke-width="1.2" stroke-dasharray="1.2 3.6"')
    step = 5 if mark is Mark.SIGNED else 15
    hatch = "".join(
        f"M{x + at:g},{low:g}l{min(17.0, width - at):g},{-min(17.0, width - at):g}"
        for at in range(0, max(1, round(width)), step)
    )
    behind = f'<path d="{hatch}" stroke="var(--hls-usual)" stroke-width="1" opacity="0.5"/>'
    dashes = "" if mark is Mark.SIGNED else ' stroke-dasharray="7 4"'
    return behind + line.format("usual", f'stroke-width="2.6"{dashes}')


def _counted(lines: tuple[Line, ...]) -> str:
    counts = dict.fromkeys(LEGEND, 0)
    for line in lines:
        for span in line:
            counts[span.mark] += len(span.text.encode())
    return ", ".join(f"{LEGEND[mark]}: {count} bytes" for mark, count in counts.items() if count)


def draw(title: str, deliveries: Mapping[str, tuple[Line, ...]]) -> SignedPicture:
    """The picture of deliveries by caption; the caption of a single one may be empty."""
    return SignedPicture(title, deliveries)
