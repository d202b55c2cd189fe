"""The outlines of beads: a shape for each machine, so that colour never speaks alone."""

from __future__ import annotations

from math import cos, pi, sin

# corners on a circle: (how many, turned by so many degrees, how much larger than a circle)
POLYGONS = {
    "hexagon": (6, 0.0, 1.12),
    "diamond": (4, 0.0, 1.3),
    "octagon": (8, 22.5, 1.08),
    "pentagon": (5, -90.0, 1.18),
    "house": (5, 90.0, 1.18),
}
SHIELD = ((-1, -0.95), (1, -0.95), (1, 0.35), (0, 1.15), (-1, 0.35))


def shape(name: str, x: float, y: float, radius: float, style: str) -> str:
    """One SVG element, its middle at (x, y)."""
    if name in POLYGONS:
        corners, turn, grow = POLYGONS[name]
        angles = [turn * pi / 180 + 2 * pi * at / corners for at in range(corners)]
        return _polygon([(cos(a) * grow, sin(a) * grow) for a in angles], x, y, radius, style)
    if name == "shield":
        return _polygon(list(SHIELD), x, y, radius, style)
    if name in ("square", "stadium"):
        wide = radius * (1.2 if name == "stadium" else 0.95)
        tall = radius * (0.85 if name == "stadium" else 0.95)
        corner = tall if name == "stadium" else 3
        return (
            f'<rect class="{style}" x="{x - wide:.1f}" y="{y - tall:.1f}" '
            f'width="{2 * wide:.1f}" height="{2 * tall:.1f}" rx="{corner:.1f}"/>'
        )
    return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def _polygon(
    corners: list[tuple[float, float]], x: float, y: float, radius: float, style: str
) -> str:
    points = " ".join(f"{x + a * radius:.1f},{y + b * radius:.1f}" for a, b in corners)
    return f'<polygon class="{style}" points="{points}"/>'
