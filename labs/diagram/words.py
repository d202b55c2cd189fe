"""The words that picture and text twin share: times, spans, sizes, the line for each event."""

from __future__ import annotations

from labs.diagram.chosen import Folded, Item, Quiet
from labs.journal import Ended, Fault, Note, Opened, Refused
from labs.messages import Belief, Message, Row


def plain(text: str) -> str:
    """`text` on one line, as safe in XML as in a terminal; U+FFFD for what cannot be printed."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in line)


def clock(time: float) -> str:
    """A moment: seconds with milliseconds, from 10,000 s on hours, minutes and seconds."""
    if time < 10_000:
        return f"{time:.3f} s"
    minutes, seconds = divmod(round(time), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02} h"


def span(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} quiet {unit}"
    exact = f"{seconds:.1f}".removesuffix(".0") if seconds < 100 else f"{seconds:.0f}"
    return f"{exact} quiet seconds"


def size(count: int) -> str:
    """How many bytes, short."""
    if count < 10_000:
        return f"{count} B"
    return f"{count / 1000:.3g} kB" if count < 1_000_000 else f"{count / 1e6:.3g} MB"


def name(row: Row) -> str:
    """What an event is called, in bold."""
    match row.what:
        case Message(name=said):
            return plain(said)
        case Ended(how=how):
            return how
        case Refused(port=port):
            return f"connect :{port}"
        case Opened(port=port, arrived=arrived):
            return f"connect :{port}" if arrived is None else "TCP"
        case Fault(name=harm):
            return plain(harm)
    return ""


def about(row: Row, many: bool = False) -> str:
    """What else there is to say; `many`: the host has beliefs about several peers."""
    return plain(_about(row, many))


def _about(row: Row, many: bool) -> str:
    match row.what:
        case Message() as said:
            return said.detail
        case Ended(connection=number, how=how):
            return f"connection {number} is gone" if how == "RST" else f"ends connection {number}"
        case Refused(why=why):
            return f"refused: {why}" if why == "nobody listens" else why
        case Opened(connection=number, arrived=arrived):
            return "nobody answers" if arrived is None else f"opens connection {number}"
        case Belief(says=says, peer=peer):
            return f"{says} ({peer})" if many else says
        case Fault(says=says) | Note(says=says):
            return says


def weight(row: Row) -> str:
    """How many bytes a message takes on the wire."""
    return size(row.what.size) if isinstance(row.what, Message) else ""


def fate(row: Row) -> str:
    """Why it never arrived, or how long it was held back; nothing when all went well."""
    match row.what:
        case Message(lost=lost) if lost:
            return "never arrives" if lost == "run ended" else plain(f"lost: {lost}")
        case Message(held=True, arrived=float(arrived), time=time):
            return f"held back {arrived - time:.1f} s"
        case Ended(arrived=None):
            return "never arrives"
    return ""


def between(item: Item) -> str:
    """The words for what is folded."""
    if isinstance(item, Quiet):
        return span(item.until - item.time)
    return item.says if isinstance(item, Folded) else ""


def several(rows: tuple[Row, ...]) -> frozenset[str]:
    """The hosts that hold beliefs about more than one peer."""
    beliefs = [row.what for row in rows if isinstance(row.what, Belief)]
    pairs = {(belief.host, belief.peer) for belief in beliefs}
    hosts = [host for host, _ in pairs]
    return frozenset(host for host in hosts if hosts.count(host) > 1)
