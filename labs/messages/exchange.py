"""What one side of an HTTP connection believes; smooth exchanges need no words."""

from __future__ import annotations

from labs.journal import Ended
from labs.messages.sides import NOTICED, Seen, Thought, seconds

NEVER = float("inf")


class Asking:
    """The client: it waits for an answer, is answered, is told of an end, or gives up."""

    def __init__(self, seen: list[Seen]) -> None:
        asked = [event.key for event in seen if event.says == "request sent"]
        answered = [event.time for event in seen if _is_answer(event)]
        # RFC 9112 9.3.2: answers come in the order of their requests
        self.answers = dict(zip(asked, answered, strict=False))
        self.waiting: Seen | None = None
        self.worried = False  # whether its waiting was worth a word

    def notice(self, event: Seen) -> Thought | None:
        """What the client makes of one more thing it saw."""
        if event.says == "request sent":
            self.waiting = event
            self.worried = self.answers.get(event.key, NEVER) - event.time > NOTICED
            says = "waits for the answer"
            return Thought(event.key, "waiting", says) if self.worried else None
        if self.waiting is None or not (says := self._news(event, self.waiting)):
            return None
        worried, self.waiting = self.worried, None
        state = {"got": "answered", "over": "waiting"}.get(event.how, "closed")
        return Thought(event.key, state, says) if worried else None

    def _news(self, event: Seen, asked: Seen) -> str:
        waited = seconds(event.time - asked.time)
        if _is_answer(event):
            return f"answered after {waited}"
        if event.how == "ends":
            return f"gives up: no answer in {waited}"
        if event.how == "told" and isinstance(event.what, Ended):
            return "told: reset" if event.what.how == "RST" else "told: ended, no answer"
        return "still waits for the answer" if event.how == "over" else ""


class Answering:
    """The server: it has answered, and cannot know whether that arrived."""

    def notice(self, event: Seen) -> Thought | None:
        """Its answer, when it never arrives."""
        said = event.message
        if event.says != "response sent" or said is None or said.arrived is not None:
            return None
        return Thought(event.key, "answered", f"answered {said.name}")


def _is_answer(event: Seen) -> bool:
    said = event.message
    return event.says == "response got" and said is not None and not said.name.startswith("1")
