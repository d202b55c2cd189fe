"""The diagram of a run: who said what to whom, when it arrived, and what each side believed.

`diagram(journal)` shows itself in a notebook as a picture; its text twin has the same events
under the same numbers. It is a pure function of the journal: same bytes, same picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from labs.diagram.chosen import Item, View, chosen, ends, seen
from labs.diagram.layout import lay_out
from labs.diagram.sheet import narrow, wide
from labs.diagram.svg import draw_svg
from labs.diagram.text import draw_text
from labs.diagram.times import clock
from labs.diagram.words import plain
from labs.journal import Fault, Journal, Opened
from labs.messages import Belief, Message, Row, timeline

__all__ = ["Diagram", "View", "diagram"]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture and its text twin; `items` is what both show."""

    title: str
    description: str
    text: str
    items: tuple[Item, ...]
    hosts: tuple[str, ...]
    under: tuple[tuple[str, str], ...]  # the line below each machine's name
    view: View

    def svg(self) -> str:
        """One SVG element: light and dark, wide and (below 560 pixels) narrow."""
        under = dict(self.under)
        scenes = [
            lay_out(self.items, self.hosts, make(len(self.hosts)), self.view.mark)
            for make in (wide, narrow)
        ]
        return draw_svg(scenes[0], scenes[1], self.hosts, under, self.title, self.description)

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text, "image/svg+xml": self.svg()}


def diagram(journal: Journal, title: str = "", **view: Any) -> Diagram:
    """The diagram of a journal; the options are the fields of `View`."""
    look = View(**view)
    rows = timeline(journal)
    hosts = tuple(look.hosts) or _talking(journal, rows, look.connection)
    items = chosen(rows, replace(look, hosts=hosts))
    title = plain(title or f"What crossed the wire between {_listed(hosts)}")
    described = _description(journal, seen(rows, replace(look, hosts=hosts)), hosts, look)
    text = draw_text(title, items, hosts)
    under = tuple((host, _under(journal, host)) for host in hosts)
    return Diagram(title, described, text, tuple(items), hosts, under, look)


def _talking(journal: Journal, rows: tuple[Row, ...], connection: int | None) -> tuple[str, ...]:
    """The machines of one connection, or all there are."""
    if connection is None:
        return journal.hosts
    theirs = [row for row in rows if getattr(row.what, "connection", None) == connection]
    concerned = {host for row in theirs for host in ends(row)}
    return tuple(host for host in journal.hosts if host in concerned)


def _under(journal: Journal, host: str) -> str:
    opened = [event for event in journal.events if isinstance(event, Opened)]
    ports = sorted({event.port for event in opened if event.server == host})
    if not ports:
        return "client" if any(event.client == host for event in opened) else ""
    return "server " + ", ".join(f":{port}" for port in ports[:2]) + (" ..." if ports[2:] else "")


def _description(
    journal: Journal, rows: tuple[Row, ...], hosts: tuple[str, ...], look: View
) -> str:
    """What the shown part of a run amounts to, in sentences."""
    events = [row for row in rows if row.number]
    said = [row.what for row in rows if isinstance(row.what, Message)]
    lost = sum(message.arrived is None for message in said)
    counts = f"{len(said) - lost} messages arrive, {lost} never do."
    span = clock(journal.ended if look.until is None else min(look.until, journal.ended))
    span = f"{clock(look.since)} to {span}" if look.since else span
    parts = [f"{len(events)} events, {_listed(hosts)}, {span}: {counts}"]
    faults = [row.what for row in rows if isinstance(row.what, Fault)]
    parts += [f"At {clock(f.time)}: {f.name} ({', '.join(f.hosts)})." for f in faults[:6]]
    last = {row.what.host: row.what.says for row in rows if isinstance(row.what, Belief)}
    parts += [f"In the end {host}: {says}." for host, says in last.items()]
    return plain(" ".join(parts))


def _listed(hosts: tuple[str, ...]) -> str:
    *most, last = hosts or ("nobody",)
    return f"{', '.join(most)} and {last}" if most else last
