"""The text twin: the picture's events, numbers and times as lines of fixed layout."""

from __future__ import annotations

from textwrap import wrap

from labs.diagram.chosen import Item, ends
from labs.diagram.times import clock
from labs.diagram.words import about, between, fate, name, plain, several, weight
from labs.journal import Fault, Note
from labs.messages import Belief, Message, Row
from labs.messages.message import elide

WIDTH = 98  # columns


def draw_text(title: str, items: list[Item], hosts: tuple[str, ...]) -> str:
    """The twin as text; every line stays within 98 columns."""
    widest = max((len(host) for host in hosts), default=0)
    who = min(2 * widest + 5, 30)
    many = several(tuple(item for item in items if isinstance(item, Row)))
    lines = [elide(title, WIDTH), ""]
    healing: list[tuple[float, str]] = []
    for item in items:
        lines += _healed(healing, item.time)
        if not isinstance(item, Row):
            lines.append(elide(f"{'':20}... {between(item)}", WIDTH))
            continue
        lines.append(_line(item, who, many))
        if isinstance(item.what, Fault) and item.what.until is not None:
            healing.append((item.what.until, f"=== {name(item)} ends"))
    return "\n".join(lines + _healed(healing, float("inf")))


def untimed(row: Row) -> str:
    """An event in the words of the twin, without its number and its time."""
    if isinstance(row.what, Fault):
        return f"{plain(', '.join(row.what.hosts))}: {name(row)}"
    ending = f" ({fate(row)})" if fate(row) == "never arrives" else ""
    return f"{_parties(row)}: {_what(row, frozenset())}{ending}"


def _healed(healing: list[tuple[float, str]], now: float) -> list[str]:
    over = sorted(each for each in healing if each[0] <= now)
    healing[:] = [each for each in healing if each[0] > now]
    return [f"{clock(time):>12}      {says}" for time, says in over]


def _line(row: Row, who: int, many: frozenset[str]) -> str:
    number = f"{row.number}" if row.number else "-"
    begin = f"{clock(row.time):>12} {number:>4} "
    if isinstance(row.what, Fault):
        where = plain(", ".join(row.what.hosts))
        return _wrapped(f"{begin} === ", f"{name(row)} {where}: {about(row)}".removesuffix(": "))
    parties = elide(_parties(row), who)
    begin += f" {parties:<{who}}  "
    landing = _landing(row)
    if not landing:
        return _wrapped(begin, _what(row, many))
    room = WIDTH - len(begin) - len(landing)
    return (begin + elide(_what(row, many), room).rstrip() + landing).rstrip()


def _wrapped(begin: str, says: str) -> str:
    """What a machine believes or suffers is said in full, on as many lines as it takes."""
    lines = wrap(says, WIDTH - len(begin), break_on_hyphens=False) or [""]
    return f"\n{'':{len(begin)}}".join([begin + lines[0], *lines[1:]]).rstrip()


def _parties(row: Row) -> str:
    first, *rest = map(plain, ends(row))
    if not rest:
        return first
    arrow = "-->" if getattr(row.what, "arrived", None) is not None else "--x"
    if isinstance(row.what, Message) and row.what.held:
        arrow = "==>"
    return f"{first} {arrow} {rest[0]}"


def _what(row: Row, many: frozenset[str]) -> str:
    said = about(row, getattr(row.what, "host", "") in many)
    if isinstance(row.what, Belief):
        return f"o {said}"
    return f'"{said}"' if isinstance(row.what, Note) else f"{name(row)}  {said}".rstrip()


def _landing(row: Row) -> str:
    arrived = getattr(row.what, "arrived", None)
    if arrived is None:
        ending = [weight(row), fate(row)]
    else:
        ending = [weight(row), fate(row), f"lands {clock(arrived).removesuffix(' s')}"]
    return "".join(f", {each}" for each in ending if each)
