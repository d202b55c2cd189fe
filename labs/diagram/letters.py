"""How wide text is, by the widest of the fonts that a system may choose; and cutting it to fit."""

from __future__ import annotations

# Widths in em of DejaVu Sans, which is wider than the usual system fonts; others are 0.62.
NARROW = {
    " ": 0.32, "i": 0.28, "j": 0.28, "l": 0.28, "I": 0.30, "!": 0.40, "'": 0.28, "|": 0.34,
    ".": 0.32, ",": 0.32, ":": 0.34, ";": 0.34, "·": 0.32, "(": 0.39, ")": 0.39, "[": 0.39,
    "]": 0.39, "f": 0.35, "t": 0.39, "r": 0.41, "-": 0.36, "/": 0.34, '"': 0.46, "s": 0.52,
    "c": 0.55, "z": 0.53, "k": 0.58, "v": 0.59, "x": 0.59, "y": 0.59,
}  # fmt: skip
WIDE = {"m": 0.97, "w": 0.82, "M": 0.86, "W": 0.99, "@": 1.0, "%": 0.95, "…": 1.0}
BOLD = 1.13  # a bold letter is so much wider


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of `text` set in `size` pixels, rather too large than too small."""
    ems = sum(map(_em, text))
    return ems * size * (BOLD if bold else 1.0)


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """`text`, cut with an ellipsis where it would exceed `room` pixels."""
    if width(text, size, bold) <= room:
        return text
    while text and width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip(" ·,") + "…"


def wrap(text: str, room: float, size: float, most: int, bold: bool = False) -> list[str]:
    """`text` on at most `most` lines of `room` pixels; the last one is cut when it must be."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold) <= room:
            line += f" {words.pop(0)}"
        lines.append(fit(line, room, size, bold))
    return lines + ([fit(" ".join(words), room, size, bold)] if words else [])


def _em(letter: str) -> float:
    if letter in NARROW:
        return NARROW[letter]
    if letter in WIDE:
        return WIDE[letter]
    if ord(letter) >= 0x1100:
        return 1.1  # CJK, emoji: full width
    return 0.74 if letter.isupper() else 0.64
