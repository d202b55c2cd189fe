"""The built site as a table: each URL path that exists, and the file behind it.

A request is looked up, never turned into a path, so nothing outside the folder has a name.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

# The table that comes with Python, not the machine's own: the same type everywhere.
TYPES = mimetypes.MimeTypes()
TYPES.add_type("text/javascript", ".js")
TYPES.add_type("text/javascript", ".mjs")
TYPES.add_type("application/wasm", ".wasm")
TYPES.add_type("font/woff2", ".woff2")
TYPES.add_type("font/woff", ".woff")
TYPES.add_type("image/svg+xml", ".svg")
TYPES.add_type("application/x-ipynb+json", ".ipynb")
TEXTS = ("text/", "application/json", "application/xml", "image/svg+xml", "application/x-ipynb")


class Pages:
    """One built site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = dict(table(folder))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The file of this path; FileResponse knows ranges, ETag and If-Modified-Since."""
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        if request.path + "/" in self.files:
            return web.Response(status=308, headers={"Location": quote(request.path) + "/"})
        file = self.files.get(request.path)
        if file is None or not file.is_file():
            return self.not_found()
        return web.FileResponse(file, headers=headers(file))

    def not_found(self) -> web.Response:
        """The site's own page for a path that does not exist."""
        page = self.folder / "404.html"
        text = page.read_text() if page.is_file() else "There is no such page.\n"
        kind = "text/html" if page.is_file() else "text/plain"
        return web.Response(status=404, text=text, content_type=kind)


def headers(file: Path) -> dict[str, str]:
    """Type and caching of one file: kept by the browser, asked about each time."""
    kind = TYPES.guess_type(file.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith(TEXTS) else ""
    return {"Content-Type": kind + charset, "Cache-Control": "no-cache"}


def table(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each path with its file; `index.html` stands for its folder too."""
    for file in sorted(folder.rglob("*")):
        inside = not file.is_symlink() and file.is_file()
        if inside:
            path = "/" + file.relative_to(folder).as_posix()
            yield path, file
            if file.name == "index.html":
                yield path.removesuffix("index.html"), file
