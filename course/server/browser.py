"""Opens the browser on the sign-in link without showing the link to other users of the machine.

A browser's command line can be read by everybody, so it gets the name of a page that only its
owner can read, and the page goes on to the link.
"""

import os
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = '<!doctype html><title>Course</title><meta http-equiv="refresh" content="0; url={link}">'


@contextmanager
def shown(link: str, folder: Path) -> Iterator[None]:
    """The link, opened in a browser where there is one; within the block its page exists.

    The folder must not be a hidden one: a browser in a sandbox may not read those.
    """
    page = folder / "sign-in.html"
    if not has_screen():
        yield
        return
    folder.mkdir(exist_ok=True)
    private(page, PAGE.format(link=link))
    threading.Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()
    try:
        yield
    finally:
        page.unlink(missing_ok=True)


def has_screen() -> bool:
    """Whether a browser would have a window; without one it would take the terminal over."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform == "darwin" or any(os.environ.get(name) for name in named)


def private(file: Path, text: str) -> None:
    """A file that only its owner can read, from its first moment."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
