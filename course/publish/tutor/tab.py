"""The tutor in the reader's tab: a question of the protocol in, its messages out, as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course.tutor.answering import Index, Reply, answer


class Tutor:
    """The course's passages, and answers from them."""

    def __init__(self, passages: str) -> None:
        self._index = Index.open(json.loads(Path(passages).read_text("utf-8")))

    def messages(self, asked: str) -> str:
        """What the protocol says down to the question in this `ask`."""
        ask = json.loads(asked)
        reply = answer(self._index, ask["question"], ask["mode"], ask.get("context"))
        return json.dumps([{"type": "start", "id": ask["id"]}, *told(reply)])


def told(reply: Reply) -> Iterator[dict[str, Any]]:
    """The messages of one answer, after its `start`."""
    for cited in reply.citations:
        yield {"type": "citation", **asdict(cited)}
    if reply.text:
        yield {"type": "delta", "text": reply.text}
    if reply.kind != "answer":
        yield {"type": "refused", "reason": reply.reason, "suggestions": list(reply.suggestions)}
    yield {"type": "done", "usage": {"source": reply.source}, "followups": list(reply.followups)}
