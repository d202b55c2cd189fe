"""The cast: which machine has which colour and shape, in every picture of the course alike.

Colour never speaks alone: each colour goes with a shape. Every pair of a colour and the ground
it stands on has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """How a machine looks: colour on a light ground, on a dark one, and the shape of its beads."""

    light: str
    dark: str
    shape: str


CAST = {
    "bidder": Role("#0f766e", "#2dd4bf", "circle"),
    "auction": Role("#6d28d9", "#c4b5fd", "square"),
    "bank": Role("#1d4ed8", "#93c5fd", "hexagon"),
    "gateway": Role("#be185d", "#f9a8d4", "diamond"),
    "proxy": Role("#4d6210", "#bef264", "shield"),
}
OTHERS = (
    Role("#0e6580", "#67e8f9", "octagon"),
    Role("#854d0e", "#fde047", "stadium"),
    Role("#475569", "#cbd5e1", "house"),
    Role("#a21caf", "#f0abfc", "pentagon"),
)

# name: (on a light ground, on a dark one); "harm" is what goes wrong, "band" is where it lasts.
GROUND = {
    "ground": ("#ffffff", "#10151f"),
    "band": ("#fff1e6", "#33261b"),
    "ink": ("#1b2130", "#eef1f6"),
    "soft": ("#586174", "#a9b2c3"),
    "line": ("#c6ccd8", "#414a5c"),
    "harm": ("#b33a08", "#ffb27a"),
    "mark": ("#fff7c2", "#3a3717"),
}


def roles(hosts: tuple[str, ...]) -> dict[str, Role]:
    """Each machine's looks; those outside the cast take the other looks in order."""
    spare = iter(OTHERS * (len(hosts) // len(OTHERS) + 1))
    return {host: CAST[host] if host in CAST else next(spare) for host in hosts}
