"""The tutor's panel as a widget; the page's half is `panel.mjs`, bundled when the site is built.

The page asks the kernel for what takes the owner's secret, which never leaves the kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from course.tutor import protocol
from course.tutor.notebook.before import Before
from course.tutor.notebook.service import NotAnswered, Service, running

NO_SCRIPT = "The tutor's panel was not built with the site; `%tutor` with a question works."


class TutorPanel(anywidget.AnyWidget):
    """The room of the site's tutor, beside the cells."""

    _esm = traitlets.Unicode().tag(sync=True)
    origin = traitlets.Unicode().tag(sync=True)
    before: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, service: Service, script: str, before: Before) -> None:
        super().__init__(_esm=script, origin=service.origin)
        self.follow(before)
        self.on_msg(lambda _, content, __: self.send(answered(content)))

    def follow(self, before: Before) -> None:
        """Offer the cell that ran last."""
        self.before = {"words": before.words, "given": dict(before.context)}


def answered(content: dict[str, Any]) -> dict[str, Any]:
    """What the page asked for, or why not; the service is looked up anew, it may have restarted."""
    number = content.get("n")
    try:
        wanted = WANTS[content.get("wants", "")]
        return {"n": number, "said": wanted(running(), content)}
    except KeyError:
        return {"n": number, "refused": "The kernel does not know this question."}
    except NotAnswered as why:
        code = 4000 + why.status if 400 <= why.status < 500 else 0
        return {"n": number, "refused": str(why), "code": code}


WANTS: dict[str, Callable[[Service, dict[str, Any]], Any]] = {
    "status": lambda service, _: service.status(),
    "address": lambda service, _: {"url": service.socket(), "protocols": [protocol.SUBPROTOCOL]},
    "history": lambda service, content: service.history(str(content.get("search", ""))),
    "export": lambda service, _: service.export(),
    "delete": lambda service, _: service.delete(),
}


def panel(before: Before) -> TutorPanel:
    """The panel of the course that runs. Raises NotAnswered."""
    service = running()
    about = service.fetched("GET", "/assets/tutor.json")
    if "notebook" not in about:
        raise NotAnswered(NO_SCRIPT)
    return TutorPanel(service, service.text(f"/{about['notebook']}"), before)
