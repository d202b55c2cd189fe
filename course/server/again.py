"""What a second `start` does while the first one runs: it fetches a new sign-in link from it.

The first one leaves its address and a secret in a file that only its owner can read.
"""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.refusal import Refusal
from course.server import browser
from course.server.app import Course

STARTING = (
    "The course is just being started in this folder by another command: "
    "its link appears there, and here when you run this again."
)


@contextmanager
def reachable(state: Path, course: Course) -> Iterator[None]:
    """Within the block a second `start` finds the course."""
    file = state / "running.json"
    browser.private(file, json.dumps({"origin": course.origin, "owner": course.owner}))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def another_link(state: Path, opens_browser: bool) -> int:
    """Say a new link to the course that runs already; exit status 0.

    Raises: Refusal while that one is not ready.
    """
    link = fetched(state)
    print(f"The course runs already. A new link: {link}", flush=True)
    if opens_browser and browser.has_screen():
        print("Open it in the browser you want to sign in.", file=sys.stderr)
    return 0


def fetched(state: Path) -> str:
    """A new link from the running course."""
    try:
        running = json.loads((state / "running.json").read_text())
        origin, owner = running["origin"], running["owner"]
        asked = urllib.request.Request(
            f"{origin}/links",
            method="POST",
            headers={"Origin": origin, "Authorization": f"Bearer {owner}"},
        )
        # No proxy of the environment has any business between us.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asked, timeout=5) as answer:
            link: str = json.load(answer)["link"]
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(STARTING) from error
    return link
