"""The two forms of the password door: plain HTML, no script, nothing from elsewhere."""

import base64
import hashlib
import html

from aiohttp import web

STYLE = (
    "body{font:1.1rem/1.5 system-ui;max-width:24rem;margin:4rem auto;padding:0 1rem}"
    "label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}"
    "input,button{margin:.3rem 0 1rem;padding:.5rem}:root{color-scheme:light dark}"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
    ),
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title} - Hook, Line &amp; Socket</title>
<style>{style}</style><main><h1>{title}</h1>{says}
<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{csrf}"><input type="hidden" name="next" value="{after}">
<label for="name">Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" required value="{name}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="{completes}" required>
<button>{title}</button></form>{other}</main></html>
"""


def page(
    action: str,
    title: str,
    csrf: str,
    *,
    after: str = "/",
    name: str = "",
    says: str = "",
    other: str = "",
    status: int = 200,
) -> web.Response:
    """A form for a name and a password; `says` is why it is shown again."""
    text = PAGE.format(
        title=title,
        style=STYLE,
        action=action,
        csrf=html.escape(csrf),
        after=html.escape(after),
        name=html.escape(name),
        says=f'<p role="alert">{html.escape(says)}</p>' if says else "",
        other=other,
        completes="new-password" if "up" in title else "current-password",
    )
    return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


def local(path: str) -> str:
    """A path of this site, whatever was asked for."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and path.isprintable() else "/"
