"""What happens on lanes rather than between them: beliefs, notes, faults, folded stretches."""

from __future__ import annotations

from labs.diagram import sheet as paper
from labs.diagram.canvas import Canvas, bead_box
from labs.diagram.chosen import Folded, Quiet, ends, lasts
from labs.diagram.scene import Box, Label
from labs.diagram.words import about, between, name
from labs.journal import Fault
from labs.messages import Belief, Row

LANE_STATES = {"open": "open", "waiting": "waiting", "closing": "waiting", "connecting": "waiting"}
DOWN = ("crash", "power cut")


def think(canvas: Canvas, row: Row) -> None:
    """A hollow bead with what a machine believes, or notes, beside its lane."""
    host = ends(row)[0]
    at = canvas.hosts.index(host)
    style = "ink" if isinstance(row.what, Belief) else "note"
    busy = at in canvas.to_the_right.values() and len(canvas.hosts) > 2
    y = _beside(canvas, row, at, about(row, host in canvas.many), style, busy)
    canvas.bead(row.number, canvas.x(host), y, host, host, hollow=True)
    if isinstance(row.what, Belief):
        canvas.draw_lane(host, y)
        states = canvas.states[host]
        states.pop(0, None)
        states.pop(row.what.connection, None)
        if row.what.state in LANE_STATES:
            states[row.what.connection] = LANE_STATES[row.what.state]


def harm(canvas: Canvas, row: Row, fault: Fault) -> None:
    """A fault: between machines it has a heading and, while it lasts, a ground."""
    hosts = [host for host in fault.hosts if host in canvas.hosts]
    says = f"{name(row)}: {about(row)}" if fault.says else name(row)
    if len(hosts) == 1:
        _harm_one(canvas, row, fault, hosts[0], says)
        return
    places = [canvas.x(host) for host in hosts]

    def label(y: float) -> Label:
        return paper.across(canvas.sheet, min(places), max(places), y, says, "harm", row.number)

    y = canvas.free(lambda y: [label(y).box], canvas.y + 16)
    box = label(y).box
    canvas.tick(y, row.time, row.number)
    canvas.keep(label(y), "harm")
    canvas.bead(row.number, box.left + 11, y, "harm")
    if lasts(fault):
        edge = 20 if canvas.sheet.narrow else 36
        canvas.open_band(row, Box(min(places) - edge, box.top - 8, max(places) + edge, 0))
    canvas.reach(box.bottom + 6, hosts)


def heal(canvas: Canvas, row: Row, fault: Fault) -> None:
    """The end of a lasting fault."""
    canvas.y += 8
    canvas.close_band(id(row))
    if fault.until is not None:
        canvas.tick(canvas.y, fault.until)
    canvas.reach(canvas.y + 6, canvas.hosts)


def fold(canvas: Canvas, item: Quiet | Folded) -> None:
    """Broken lanes, and between them what is left out."""
    a, b = canvas.x(canvas.hosts[0]), canvas.x(canvas.hosts[-1])
    style = "harm" if isinstance(item, Folded) and not item.rows else "soft"
    places = [canvas.x(host) for host in canvas.hosts]

    def label(y: float) -> Label:
        return paper.across(canvas.sheet, a, b, y, between(item), style)

    def boxes(y: float) -> list[Box]:
        slashes = [Box(x - 9, y - 9, x + 9, y + 9) for x in places]
        return [label(y).box, *slashes]

    # What leaves while others are under way is folded below the places where those land.
    due = canvas.due.values() if isinstance(item, Folded) else ()
    canvas.taken += [tip for _, tip in due]
    y = canvas.free(lambda y: boxes(y)[:1] if len(places) == 1 else boxes(y), canvas.y + 12)
    canvas.keep(label(y), style)
    canvas.taken += boxes(y)[1:]
    canvas.scene.breaks += [(x, y) for x in places]
    ahead = {host for host, _ in due}
    canvas.reach(y + 9, [host for host in canvas.hosts if host not in ahead])
    canvas.y = max(y, label(y).box.bottom - 6) + 30


def _harm_one(canvas: Canvas, row: Row, fault: Fault, host: str, says: str) -> None:
    y = _beside(canvas, row, canvas.hosts.index(host), says, "harm")
    x = canvas.x(host)
    canvas.bead(row.number, x, y, "harm")
    if fault.name in DOWN or fault.name == "restart":
        canvas.draw_lane(host, y)
        canvas.states[host] = {0: "off"} if fault.name in DOWN else {}
    elif lasts(fault):
        canvas.open_band(row, Box(x - 18, y - 14, x + 18, 0))


def _beside(canvas: Canvas, row: Row, at: int, says: str, style: str, busy: bool = False) -> float:
    """Put a label beside a lane; the height it found."""

    def label(y: float) -> Label:
        return paper.beside_lane(canvas.sheet, at, y, says, style, row.number, busy)

    x = canvas.sheet.lanes[at]
    y = canvas.free(lambda y: [label(y).box, *bead_box(x, y)], canvas.y)
    canvas.tick(y, row.time, row.number)
    canvas.keep(label(y), style)
    canvas.reach(y, [canvas.hosts[at]])
    return y
