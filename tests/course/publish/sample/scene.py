"""A picture for the sample lesson, in the forms in which a run shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 150" role="img"
 aria-labelledby="t d"><title id="t">Bids into a tunnel</title>
<desc id="d">{twin}</desc><defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4"
 markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#0f766e"/></marker>
</defs><g font-family="sans-serif" font-size="13" fill="currentColor"><text x="90" y="20"
 text-anchor="middle">bidder</text><text x="390" y="20" text-anchor="middle">auction</text>
<path d="M90 30V140M390 30V140" stroke="#8891a5"/><path d="M90 50 388 64" stroke="#0f766e"
 stroke-width="2" marker-end="url(#arrow)"/><text x="240" y="48" text-anchor="middle">#1 bid</text>
<path d="M90 100 240 108" stroke="#c2410c" stroke-width="2" stroke-dasharray="4 4"/>
<text x="165" y="96" text-anchor="middle">#2 bid, lost</text></g></svg>"""


@dataclass(frozen=True)
class Tunnel:
    """So many bids after the cut; none of them raises, none arrives."""

    sent: int
    raised: int = 0
    arrived: int = 0

    def __repr__(self) -> str:
        return f"#1 bid arrives\n#2 bid never arrives\nsent {self.sent}, raised {self.raised}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "image/svg+xml": SVG.format(twin=repr(self).replace("\n", "; ")),
            "application/vnd.hook-line-socket.run+json": {"sent": self.sent},
        }
