"""The words that picture and text twin share: times, spans, sizes, the line for each event."""

from __future__ import annotations

from labs.diagram.chosen import Folded, Item, Quiet
from labs.diagram.times import span
from labs.journal import Ended, Fault, Note, Opened, Refused
from labs.messages import Belief, Message, Row


def plain(text: str) -> str:
    """`text` on one line, as safe in XML as in a terminal; U+FFFD for what cannot be printed."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in line)


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
