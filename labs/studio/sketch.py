"""A design from memory, written as lines such as `browser -> gateway: ws`.

A line links two machines or more; what stands behind the colon travels on the link. A line that
cannot be read becomes a sentence, and the others count. Names are compared without regard to
case; site/scripts/studio_sketch.js follows the same rules and draws what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labs.studio.phrases import found
from labs.studio.words import BLANK, Sentence, words

ARROW = re.compile(r"<->|<=>|<-+|<=+|-+>|=+>|↔|←|→")
BOTH, BACK = ("<->", "<=>", "↔"), ("<", "←")
LONGEST = 28  # letters of a name
MOST = 12  # machines in one picture


@dataclass(frozen=True, slots=True)
class Link:
    """Something that one machine sends to another, or both to each other."""

    number: int
    source: str
    target: str
    says: str
    both: bool = False

    def __str__(self) -> str:
        arrow = "<->" if self.both else "->"
        return f"{self.source} {arrow} {self.target}" + (f": {self.says}" if self.says else "")


@dataclass(frozen=True, slots=True)
class Design:
    """What the lines say: machines in the order in which they come up, links, and what is wrong."""

    parts: tuple[str, ...]
    links: tuple[Link, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A part that a design for this prompt has: a machine, or a link between two kinds of them."""

    id: str
    says: str
    part: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    either_way: bool = False


def design(text: str) -> Design:
    """The design that the lines draw."""
    parts: dict[str, str] = {}
    links: list[Link] = []
    troubles = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        try:
            for source, target, says, both in _line(line):
                first = parts.setdefault(source.lower(), source)
                second = parts.setdefault(target.lower(), target) if target else ""
                if second:
                    links.append(Link(len(links) + 1, first, second, says, both))
        except ValueError as trouble:
            troubles.append(f"Line {number}: {trouble}")
    if len(parts) > MOST:
        troubles.append(f"{len(parts)} machines are more than one picture holds: draw {MOST}.")
    return Design(tuple(parts.values())[:MOST], _within(parts, links), tuple(troubles))


def missing(drawn: Design, needs: Iterable[Need]) -> list[Need]:
    """What a design for this prompt has and this one has not, in the author's order."""
    return [need for need in needs if not _has(drawn, need)]


def _line(line: str) -> Iterator[tuple[str, str, str, bool]]:
    """Each link of a line: source, target, what travels, both ways; a machine alone has none."""
    line = line.split("#", maxsplit=1)[0].strip(BLANK)
    chain, _, says = line.partition(":")
    arrows = ARROW.findall(chain)
    names = [" ".join(re.split(f"[{BLANK}]+", name.strip(BLANK))) for name in ARROW.split(chain)]
    if not line:
        return
    _readable(line, names, arrows)
    if not arrows:
        yield names[0], "", "", False
    for at, arrow in enumerate(arrows):
        ends = names[at], names[at + 1]
        source, target = ends[::-1] if arrow.startswith(BACK) and arrow not in BOTH else ends
        yield source, target, says.strip(BLANK), arrow in BOTH


def _readable(line: str, names: Sequence[str], arrows: Sequence[str]) -> None:
    if ":" in line and not arrows:
        raise ValueError("no arrow before the colon. Write it so: browser -> gateway: ws")
    if not all(names):
        raise ValueError("an arrow needs a machine on either side.")
    if long := next((name for name in names if len(name) > LONGEST), ""):
        raise ValueError(f"“{long[:LONGEST]}…” is too long for a name; say the rest after a colon.")


def _within(parts: Mapping[str, str], links: Iterable[Link]) -> tuple[Link, ...]:
    shown = set(tuple(parts.values())[:MOST])
    return tuple(link for link in links if {link.source, link.target} <= shown)


def _has(drawn: Design, need: Need) -> bool:
    if need.part:
        return any(_says(need.part, part) for part in drawn.parts)
    return any(_is(link, need) for link in drawn.links)


def _is(link: Link, need: Need) -> bool:
    ways = [(link.source, link.target)]
    if need.either_way or link.both:
        ways.append((link.target, link.source))
    fits = any(_says(need.source, one) and _says(need.target, other) for one, other in ways)
    return fits and _says(need.label, link.says)


def _says(phrases: Sequence[str], text: str) -> bool:
    sentence = Sentence(text, tuple(words(text)))
    return not phrases or any(found(phrase, sentence) for phrase in phrases)
