"""The colours of every picture, light and dark, and the SVG element around it.

A picture stands alone in JupyterLab (an image: only `prefers-color-scheme` reaches it) and in
the middle of a page (there the site's own switch wins). It brings its background along, so that
it can be read on a page of either colour. The text colours have a contrast of 4.5 or more.
"""

from __future__ import annotations

from html import escape

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f2430",
    "muted": "#5d6579",
    "line": "#c3c9d8",
    "fill": "#f3f5fa",
    "teal": "#0f766e",
    "purple": "#6d28d9",
    "orange": "#b93c0a",
    "band": "#fff0e5",
}
DARK = {
    "paper": "#171a21",
    "ink": "#e8ebf2",
    "muted": "#a3acc0",
    "line": "#4a5266",
    "fill": "#222732",
    "teal": "#4fd1c1",
    "purple": "#b79cff",
    "orange": "#ff9d66",
    "band": "#3a281f",
}


def _declare(colours: dict[str, str]) -> str:
    return "".join(f"--hls-{name}:{value};" for name, value in colours.items())


STYLE = (
    f".hls{{{_declare(LIGHT)}font-family:system-ui,'DejaVu Sans',sans-serif;font-size:12px}}"
    f"@media (prefers-color-scheme:dark){{.hls{{{_declare(DARK)}}}}}"
    f"[data-md-color-scheme=default] .hls{{{_declare(LIGHT)}}}"
    f"[data-md-color-scheme=slate] .hls{{{_declare(DARK)}}}"
)


def picture(title: str, desc: str, width: float, height: float, body: str) -> str:
    """An SVG of `width` by `height` user units that names and describes itself."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hls" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'style="max-width:100%;height:auto" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(desc)}</desc><style>{STYLE}</style>"
        f'<rect width="100%" height="100%" rx="8" fill="var(--hls-paper)"/>{body}</svg>'
    )


def text(x: float, y: float, says: str, colour: str = "ink", more: str = "") -> str:
    """One line of text at (x, y); `more` is further attributes."""
    return f'<text x="{x:g}" y="{y:g}" fill="var(--hls-{colour})" {more}>{escape(says)}</text>'


def bundle(svg: str, twin: str) -> dict[str, str]:
    """What a shown picture offers: the text twin, and the picture."""
    return {"text/plain": twin, "image/svg+xml": svg}
