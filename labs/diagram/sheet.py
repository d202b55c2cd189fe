"""The sheet a picture is drawn on: where lanes and labels go, on a page and on a phone."""

from __future__ import annotations

from dataclasses import dataclass

from labs.diagram.letters import fit, width, wrap
from labs.diagram.scene import Box, Label

Spans = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Measures in pixels."""

    width: float
    times: float  # right edge of the column of times
    lanes: tuple[float, ...]
    body: float = 13.0  # letter sizes
    small: float = 12.0
    top: float = 70.0  # where lanes begin

    @property
    def narrow(self) -> bool:
        """Whether this is a phone's sheet: names and details on lines of their own."""
        return self.width < 600

    def side(self, at: int, busy: bool = False) -> str:
        """Where the label of a belief goes: outside where there is room, else inside.

        `busy` says that an arrow leaves this lane to the right.
        """
        if self.narrow or len(self.lanes) < 2:
            return "left" if at and at == len(self.lanes) - 1 else "right"
        if at == 0 and len(self.lanes) == 2:
            return "left"
        return "left" if busy else "right"

    def room(self, at: int, side: str) -> float:
        """How wide the label of a belief may be."""
        if side == "left":
            edge = self.times + 4 if at == 0 else self.lanes[at - 1] + 14
            edge = self.lanes[0] + 14 if self.narrow else edge
            return self.lanes[at] - 16 - edge
        return min(self.width - 8 - self.lanes[at] - 16, 320)


def wide(lanes: int) -> Sheet:
    """940 pixels: two lanes leave room outside for what each side believes."""
    if lanes <= 2:
        return Sheet(940, 72, (256.0, 676.0)[:lanes])
    left, right = {3: (200.0, 740.0), 4: (180.0, 775.0)}.get(lanes, (162.0, 800.0))
    step = (right - left) / (lanes - 1)
    return Sheet(940, 72, tuple(round(left + step * at, 1) for at in range(lanes)))


def narrow(lanes: int) -> Sheet:
    """390 pixels: everything stands between the first lane and the last."""
    step = 280 / max(lanes - 1, 1)
    places = tuple(round(72 + step * at, 1) for at in range(lanes))
    return Sheet(390, 52, places, small=11.5, top=62.0)


def over_line(sheet: Sheet, a: float, b: float, y: float, spans: Spans, number: int) -> Label:
    """A message's label: centred between two lanes, above the line that leaves at `y`."""
    span = abs(b - a)
    least = 0 if len(sheet.lanes) == 2 else 280 if sheet.narrow else 330
    room = min(sheet.width - 16 - sheet.times, max(span - 34, least))
    lines = _lines(sheet, spans, room)
    wide = max(_width(sheet, line) for line in lines)
    middle = (a + b) / 2
    middle = max(sheet.times + 6 + wide / 2, min(middle, sheet.width - 6 - wide / 2))
    lift = 5.0 if wide < span - 30 else 15.0
    leading = sheet.body + 3
    bottom = y - lift
    top = bottom - leading * len(lines)
    box = Box(middle - wide / 2 - 3, top, middle + wide / 2 + 3, bottom)
    return Label(middle, top + sheet.body, "middle", lines, sheet.body, leading, box, number)


def beside_lane(
    sheet: Sheet, at: int, y: float, says: str, style: str, number: int, busy: bool = False
) -> Label:
    """A label next to a lane: what this machine believes, notes or suffers."""
    size, side = sheet.small, sheet.side(at, busy)
    if busy and sheet.room(at, side) < 70 and width(says, size) > sheet.room(at, side):
        side = sheet.side(at)
    room = sheet.room(at, side)
    texts = wrap(says, room, size, 4, style == "harm") or [""]
    wide = max(width(text, size, style == "harm") for text in texts)
    x = sheet.lanes[at] + (16 if side == "right" else -16)
    leading = size + 3
    tall = leading * len(texts)
    left = x if side == "right" else x - wide
    box = Box(left - 2, y - tall / 2, left + wide + 2, y + tall / 2)
    anchor = "start" if side == "right" else "end"
    lines = tuple(((text, style),) for text in texts)
    return Label(x, y - tall / 2 + size - 0.5, anchor, lines, size, leading, box, number)


def across(
    sheet: Sheet, a: float, b: float, y: float, says: str, style: str, number: int = 0
) -> Label:
    """A label in the middle of lanes, its first line centred on `y`."""
    size = sheet.small
    room = max(abs(b - a) - 60, 300 if not sheet.narrow else 240)
    texts = wrap(says, room, size, 3, style == "harm") or [""]
    wide = max(width(text, size, style == "harm") for text in texts)
    middle = max(sheet.times + 26 + wide / 2, min((a + b) / 2, sheet.width - 6 - wide / 2))
    leading = size + 3
    top = y - leading / 2
    spare = 26 if number else 2  # for the bead before it
    box = Box(middle - wide / 2 - spare, top, middle + wide / 2 + 2, top + leading * len(texts))
    lines = tuple(((text, style),) for text in texts)
    return Label(middle, top + size - 0.5, "middle", lines, size, leading, box, number)


def _lines(sheet: Sheet, spans: Spans, room: float) -> tuple[Spans, ...]:
    """The spans on one line, or the bold ones above the others where the sheet is narrow."""
    if sheet.narrow and _width(sheet, spans) > room:
        bold = tuple(span for span in spans if span[1] not in ("soft", "size"))
        soft = tuple(span for span in spans if span[1] in ("soft", "size"))
        return tuple(_fitted(sheet, line, room) for line in (bold, soft) if line)
    return (_fitted(sheet, spans, room),)


def _fitted(sheet: Sheet, spans: Spans, room: float) -> Spans:
    """Cut what is soft first; a name is only cut when it alone is too long."""
    for style in ("soft", "name"):
        excess = _width(sheet, spans) - room
        spans = tuple(_shorter(sheet, span, excess) if span[1] == style else span for span in spans)
    return tuple(span for span in spans if span[0])


def _shorter(sheet: Sheet, span: tuple[str, str], excess: float) -> tuple[str, str]:
    size, bold = _letters(sheet, span[1])
    now = width(span[0], size, bold)
    if excess <= 0:
        return span
    room = now - excess
    least = 24.0 if span[1] == "soft" else 40.0
    if span[1] == "soft" and room < least:
        return "", "soft"
    return fit(span[0], max(room, least), size, bold), span[1]


def _letters(sheet: Sheet, style: str) -> tuple[float, bool]:
    return (sheet.small, False) if style in ("soft", "size") else (sheet.body, True)


def _width(sheet: Sheet, spans: Spans) -> float:
    return sum(width(text, *_letters(sheet, style)) for text, style in spans) + 6 * (len(spans) - 1)
