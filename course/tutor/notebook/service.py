"""The running course, as a kernel finds it: its address and the secret that its owner can read.

`start` leaves both in `.course/running.json`, and tells the kernels of its JupyterLab where that
folder is; elsewhere it is looked for above the working folder.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from course.tutor import protocol
from labs.exercises import PROGRESS

RUNNING = "running.json"
NOT_RUNNING = (
    "The tutor answers while the course runs: `python3 -m course start` in the course's folder."
)
WITHIN = 10.0  # seconds


class NotAnswered(Exception):
    """The tutor did not do it; the text says why, `status` is HTTP's where there was one."""

    def __init__(self, says: str, status: int = 0) -> None:
        super().__init__(says)
        self.status = status


@dataclass(frozen=True, slots=True)
class Service:
    """The tutor of the course that runs."""

    origin: str
    owner: str

    def status(self) -> Any:
        """Who we are there, the model, what is left of the quota."""
        return self.fetched("GET", protocol.STATUS)

    def history(self, search: str = "") -> Any:
        """The exchanges in which these words stand."""
        return self.fetched(
            "GET", protocol.HISTORY + (f"?search={quote(search)}" if search else "")
        )

    def export(self) -> Any:
        """Everything that is kept of the learner."""
        return self.fetched("GET", protocol.EXPORT)

    def delete(self) -> Any:
        """Have it forgotten."""
        return self.fetched("POST", protocol.DELETE)

    def socket(self) -> str:
        """The socket's address, with a ticket that opens it once, soon."""
        ticket = self.fetched("POST", protocol.TICKET)["ticket"]
        return f"{self.origin.replace('http', 'ws', 1)}{protocol.SOCKET}?ticket={quote(ticket)}"

    def fetched(self, method: str, path: str) -> Any:
        """The JSON that is answered. Raises NotAnswered."""
        try:
            return json.loads(self.text(path, method) or "{}")
        except ValueError:
            raise NotAnswered(NOT_RUNNING) from None

    def text(self, path: str, method: str = "GET") -> str:
        """The text that is answered. Raises NotAnswered."""
        headers = {"Authorization": f"Bearer {self.owner}", "Origin": self.origin}
        body = None
        if method == "POST":
            headers["Content-Type"], body = "application/json", b"{}"
        asked = urllib.request.Request(self.origin + path, body, headers, method=method)
        try:
            # No proxy of the environment has any business between us.
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(asked, timeout=WITHIN) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                raise NotAnswered(_said(error), error.code) from None
        except (OSError, ValueError) as error:
            raise NotAnswered(f"{NOT_RUNNING} ({error})") from None


def _said(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read())["message"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"The tutor answered {error.code} {error.reason}."


def running() -> Service:
    """The course that runs. Raises NotAnswered where none does."""
    for folder in _folders():
        try:
            told = json.loads((folder / RUNNING).read_text("utf-8"))
            return Service(told["origin"], told["owner"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    raise NotAnswered(NOT_RUNNING)


def _folders() -> list[Path]:
    """Where the course may keep what is private, the likeliest first."""
    named = [Path(os.environ[PROGRESS]).parent] if os.environ.get(PROGRESS) else []
    here = Path.cwd()
    return [*named, *(folder / ".course" for folder in (here, *here.parents))]
