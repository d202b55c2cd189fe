"""The picture as SVG: one file, no script, nothing from elsewhere, light and dark, wide and narrow.

Every style rule begins with a class that only this picture has, so pictures on one page do not
disturb each other. A page that switches colours itself (Material's `data-md-color-scheme`,
JupyterLab's `data-jp-theme-light`) is followed; otherwise the reader's system decides.
"""

from __future__ import annotations

import hashlib
from html import escape

from labs.diagram.cast import Role, roles
from labs.diagram.letters import fit, width
from labs.diagram.scene import Bead, Label, Lane, Scene, Stroke
from labs.diagram.shapes import shape
from labs.diagram.style import style
from labs.diagram.words import plain


def draw_svg(
    wide: Scene, narrow: Scene, hosts: tuple[str, ...], under: dict[str, str],
    title: str, description: str,
) -> str:  # fmt: skip
    """Both scenes as one SVG element; `under` is the line below each machine's name."""
    looks = roles(hosts)
    pictures = _picture(wide, hosts, looks, under, "wide")
    pictures += _picture(narrow, hosts, looks, under, "phone")
    # Of what is drawn: sums of floats differ in their last digit between versions of Python.
    drawn = f"{title}\n{description}\n{pictures}"
    name = "hls-" + hashlib.sha256(drawn.encode()).hexdigest()[:10]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hls {name}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" width="{wide.width:g}" height="{wide.height:g}">'
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>'
        f"<style>{style(name, wide, narrow, hosts, looks)}</style>"
        f"{pictures}</svg>"
    )


def _picture(
    scene: Scene, hosts: tuple[str, ...], looks: dict[str, Role], under: dict[str, str], which: str
) -> str:
    parts = [f'<rect class="g" width="{scene.width:g}" height="{scene.height:g}" rx="10"/>']
    for band in scene.bands:
        box = band.box
        parts.append(
            f'<rect class="{band.style}" x="{_n(box.left)}" y="{_n(box.top)}" rx="10" '
            f'width="{_n(box.right - box.left)}" height="{_n(box.bottom - box.top)}"/>'
        )
    parts += [_lane(lane, hosts) for lane in scene.lanes]
    parts += [_heading(scene, host, at, looks[host], under) for at, host in enumerate(hosts)]
    parts += [_tick(scene, tick.y, tick.says) for tick in scene.ticks]
    parts += [_break(x, y) for x, y in scene.breaks]
    parts += [_stroke(stroke, hosts) for stroke in scene.strokes]
    parts += [_bead(bead, hosts, looks) for bead in scene.beads]
    parts += [_label(label, hosts, _ground(label, scene)) for label in scene.labels]
    hidden = ' display="none"' if which == "phone" else ""
    size = f'viewBox="0 0 {scene.width:g} {scene.height:g}" width="100%" height="100%"'
    return f'<svg class="{which}" {size}{hidden}>{"".join(parts)}</svg>'


def _heading(scene: Scene, host: str, at: int, look: Role, under: dict[str, str]) -> str:
    """A machine's shape and name above its lane, below it what it is."""
    x, phone = _lane_x(scene, host), scene.width < 600
    crowded = phone and len(under) > 3
    size = 12.0 if crowded else 14.0 if phone else 16.0
    says = fit(plain(host), 64 if crowded else 120, size, bold=True)
    wide = width(says, size, bold=True) * 0.93
    left = x - wide / 2 if crowded else max(4.0, min(x - (wide + 20) / 2, scene.width - wide - 26))
    icon = (x, 12.0) if crowded else (left + 7, 21.0)
    name = (x - wide / 2, 34.0) if crowded else (left + 20, 26.0)
    at_name = f'x="{_n(name[0])}" y="{_n(name[1])}" font-size="{size:g}"'
    parts = [
        shape(look.shape, *icon, 6.5, "b"),
        f'<text class="top" {at_name}>{escape(says)}</text>',
    ]
    if not crowded:
        below = fit(under.get(host, ""), 92 if phone else 190, 11.5)
        middle = min(x, scene.width - 4 - width(below, 11.5) / 2)
        parts.append(
            f'<text class="small" x="{_n(middle)}" y="45" font-size="11.5" '
            f'text-anchor="middle">{escape(below)}</text>'
        )
    return f'<g class="h{at}">{"".join(parts)}</g>'


def _lane_x(scene: Scene, host: str) -> float:
    return next((lane.x for lane in scene.lanes if lane.style == host), 0.0)


def _lane(lane: Lane, hosts: tuple[str, ...]) -> str:
    kind = f"lane {lane.state} h{hosts.index(lane.style)}"
    return f'<path class="{kind}" d="M{_n(lane.x)} {_n(lane.top)}V{_n(lane.bottom)}"/>'


def _tick(scene: Scene, y: float, says: str) -> str:
    narrow = scene.width < 600
    right, size = (50, 10.5) if narrow else (66, 12)
    line = "" if narrow else f'<path class="tick" d="M72 {_n(y)}h8"/>'
    if narrow:
        says = says.removesuffix(" s").removesuffix(" h")
    return (
        f'<text class="small" x="{right}" y="{_n(y + 4)}" font-size="{size}" '
        f'text-anchor="end">{says}</text>{line}'
    )


def _break(x: float, y: float) -> str:
    slash = f"M{_n(x - 8)} {_n(y + 1)}l16-8M{_n(x - 8)} {_n(y + 8)}l16-8"
    return f'<path class="s softs" d="{slash}"/>'


def _stroke(stroke: Stroke, hosts: tuple[str, ...]) -> str:
    start, *rest = stroke.points
    path = f"M{_n(start[0])} {_n(start[1])}" + "".join(f"L{_n(x)} {_n(y)}" for x, y in rest)
    kind = "s dash" if stroke.dashed else "s"
    x, y = rest[-1]
    before = rest[-2] if len(rest) > 1 else start
    end = ""
    if stroke.end == "cross":
        end = f'<path class="s x" d="M{_n(x - 5)} {_n(y - 5)}l10 10m0-10l-10 10"/>'
    elif stroke.end == "head":
        end = _head(before, (x, y))
    kind_of = _paint(stroke.style, hosts)
    return (
        f'<g class="{kind_of}"{_number(stroke.number)}><path class="{kind}" d="{path}"/>{end}</g>'
    )


def _head(before: tuple[float, float], tip: tuple[float, float]) -> str:
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    x, y = tip[0] - 2 * ux, tip[1] - 2 * uy
    left = (x - 10 * ux - 5 * uy, y - 10 * uy + 5 * ux)
    right = (x - 10 * ux + 5 * uy, y - 10 * uy - 5 * ux)
    points = " ".join(f"{_n(a)},{_n(b)}" for a, b in ((x, y), left, right))
    return f'<polygon class="tip" points="{points}"/>'


def _bead(bead: Bead, hosts: tuple[str, ...], looks: dict[str, Role]) -> str:
    hollow = " hollow" if bead.hollow else ""
    form = looks[bead.owner].shape if bead.owner in looks else "octagon"
    size, radius = (11.0, 9.5) if bead.number < 100 else (8.5, 11.0)
    return (
        f'<g class="{_paint(bead.style, hosts)}"{_number(bead.number)}>'
        f"{shape(form, bead.x, bead.y, radius, 'b' + hollow)}"
        f'<text class="n{hollow}" x="{_n(bead.x)}" y="{_n(bead.y + size * 0.36)}" '
        f'font-size="{size:g}">{bead.number}</text></g>'
    )


def _ground(label: Label, scene: Scene) -> str:
    """The class for a label by what lies under it: the page, a band, the mark."""
    box, middle = label.box, (label.box.top + label.box.bottom) / 2
    under = [
        band.style
        for band in scene.bands
        if band.box.top <= middle <= band.box.bottom
        and min(box.right, band.box.right) - max(box.left, band.box.left)
        > 0.5 * (box.right - box.left)
    ]
    return {"band": " on", "mark": " lit"}[under[-1]] if under else ""


def _label(label: Label, hosts: tuple[str, ...], ground: str) -> str:
    lines = []
    for at, line in enumerate(label.lines):
        spans = "".join(_span(*span, at_start=not n, hosts=hosts) for n, span in enumerate(line))
        y = label.y + at * label.leading
        lines.append(
            f'<text class="l{ground}" x="{_n(label.x)}" y="{_n(y)}" text-anchor="{label.anchor}" '
            f'font-size="{label.size:g}"{_number(label.number)}>{spans}</text>'
        )
    return "".join(lines)


def _span(text: str, style: str, at_start: bool, hosts: tuple[str, ...]) -> str:
    kind = f"name h{hosts.index(style)}" if style in hosts else style
    space = "" if at_start else ' dx="6"'
    return f'<tspan class="{kind}"{space}>{escape(text)}</tspan>'


def _paint(style: str, hosts: tuple[str, ...]) -> str:
    return f"h{hosts.index(style)}" if style in hosts else {"soft": "softs"}.get(style, style)


def _number(number: int) -> str:
    return f' data-number="{number}"' if number else ""


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
