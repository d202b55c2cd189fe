"""What a page of the site may do, as a Content-Security-Policy in its own head.

Scripts come from the site itself; those that the theme writes into a page are named by their
digest, so nothing that finds its way into the text of a page, or into an answer of the tutor, is
run. Navigation replaces parts of a page that stays, so each page knows the digests of all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HEAD = '<meta charset="utf-8">'
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' data: blob: {socket}; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)


def written(site: Path, address: str) -> str:
    """Puts the policy into every page of a built site; what comes back is the policy."""
    pages = sorted(site.rglob("*.html"))
    texts = {page: page.read_text("utf-8") for page in pages}
    policy = POLICY.format(scripts=" ".join(digests(texts.values())), socket=socket(address))
    meta = f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for page, text in texts.items():
        page.write_text(text.replace(HEAD, meta, 1), encoding="utf-8")
    return policy


def digests(pages: Iterable[str]) -> list[str]:
    """Every script that stands in a page, as the policy names it (CSP 3, 2.3.1)."""
    scripts = {script for page in pages for script in INLINE.findall(page)}
    hashed = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return sorted(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashed)


def socket(address: str) -> str:
    """This site's own sockets: not every browser takes 'self' to mean them."""
    scheme, authority, *_ = urlsplit(address)
    return f"{'wss' if scheme == 'https' else 'ws'}://{authority}"
