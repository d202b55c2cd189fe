"""The site without network: what the service worker keeps, and an archive to carry away.

Both are made from the finished site: the worker is told every file with its digest, and the
archive holds the same files, for any folder that a web server shows under any path.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

WORKER = "sw.js"
ARCHIVE = "hook-line-socket.zip"
FRAME = "run-it/index.html"
MARK = "<!-- archive -->"  # where the page says it, when there is one
LINK = (
    '<p class="hls-archive"><a href="../{archive}" download>The whole site as an archive</a> '
    "({size:.0f} MB). Unpack it anywhere and serve the folder: "
    "<code>python3 -m http.server 8080 --bind 127.0.0.1</code>. It needs no network.</p>"
)
# Folders of folders named after their content.
BY_CONTENT = ("assets/runtime/", "assets/grids/", "assets/tutor/")
ON_DEMAND = (*BY_CONTENT, "tutor/")  # tutor/ is for programs; a reader's tab has it by content
NOT_READ = (ARCHIVE, "sitemap.xml.gz", ".fingerprint")
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def worker(site: Path) -> str:
    """Fills in the built site's service worker; what comes back is its version."""
    files = {path: digest(site / path) for path in kept(site)}
    folders = sorted(f"{top}{each.name}/" for top in BY_CONTENT for each in (site / top).glob("*/"))
    version = hashlib.sha256(json.dumps([files, folders]).encode()).hexdigest()[:12]
    text = (site / WORKER).read_text("utf-8")
    for name, value in {"VERSION": version, "FILES": files, "FOLDERS": folders}.items():
        text = filled(text, name, json.dumps(value, separators=(",", ":")))
    (site / WORKER).write_text(text, encoding="utf-8")
    return version


def filled(script: str, name: str, value: str) -> str:
    """The script with this value in the line that declares the constant."""
    parts = re.split(rf"^(const {name} = ).*?;", script, flags=re.MULTILINE)
    if len(parts) != 3:
        raise ValueError(f"{WORKER} needs one line that declares {name}")
    return f"{parts[0]}{parts[1]}{value};{parts[2]}"


def archive(site: Path) -> Path:
    """Makes the archive of a built site in it, and a link to it; the worker is filled in anew."""
    target = site / ARCHIVE
    target.unlink(missing_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole:
        for path in inside(site):
            about = zipfile.ZipInfo(f"hook-line-socket/{path}", LONG_AGO)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(about, (site / path).read_bytes())
    page = site / FRAME
    link = LINK.format(archive=ARCHIVE, size=target.stat().st_size / 1e6)
    page.write_text(page.read_text("utf-8").replace(MARK, link), encoding="utf-8")
    worker(site)
    return target


def kept(site: Path) -> list[str]:
    """The files that a browser keeps after the first visit, in a fixed order."""
    return [path for path in inside(site) if not path.startswith((WORKER, *ON_DEMAND))]


def inside(site: Path) -> Iterator[str]:
    """Every file of the site that a reader may ask for."""
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.is_file() and path not in NOT_READ:
            yield path


def digest(file: Path) -> str:
    """The first 16 hexadecimal digits of the file's SHA-256, as the worker computes them."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
