"""What charts and state diagrams share: colours, light and dark, and the SVG element around them.

A picture stands alone in JupyterLab (an image: only `prefers-color-scheme` reaches it) and in
the middle of a page (there the page's own switch wins). It brings its ground along, so that it
can be read on a page of either colour. The colours are those of the wire's diagram.
"""

from __future__ import annotations

from html import escape

from labs.diagram.cast import CAST, GROUND

COLOURS = {
    **GROUND,
    "box": ("#f3f5fa", "#1b2230"),
    "usual": (CAST["bidder"].light, CAST["bidder"].dark),
    "added": (CAST["auction"].light, CAST["auction"].dark),
}


def _declare(scheme: int) -> str:
    return "".join(f"--hls-{name}:{pair[scheme]};" for name, pair in COLOURS.items())


LIGHT, DARK = _declare(0), _declare(1)
STYLE = (
    f".hls{{{LIGHT}font-family:system-ui,'DejaVu Sans',sans-serif;font-size:12px}}"
    f"@media (prefers-color-scheme:dark){{.hls{{{DARK}}}}}"
    f"[data-md-color-scheme=default] .hls,[data-jp-theme-light=true] .hls{{{LIGHT}}}"
    f"[data-md-color-scheme=slate] .hls,[data-jp-theme-light=false] .hls{{{DARK}}}"
)


def picture(title: str, desc: str, width: float, height: float, body: str) -> str:
    """An SVG of `width` by `height` user units that names and describes itself."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hls" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'style="max-width:100%;height:auto" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(desc)}</desc><style>{STYLE}</style>"
        f'<rect width="100%" height="100%" rx="8" fill="var(--hls-ground)"/>{body}</svg>'
    )


def text(x: float, y: float, says: str, colour: str = "ink", more: str = "") -> str:
    """One line of text at (x, y); `more` is further attributes."""
    return f'<text x="{x:g}" y="{y:g}" fill="var(--hls-{colour})" {more}>{escape(says)}</text>'


def bundle(svg: str, twin: str) -> dict[str, str]:
    """What a shown picture offers: the text twin, and the picture."""
    return {"text/plain": twin, "image/svg+xml": svg}
