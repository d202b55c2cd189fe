"""What a run leaves behind: its result, its journal, and every picture drawn from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from labs.diagram import Diagram, View, diagram
from labs.diagram.chosen import seen
from labs.evidence import Evidence, keep
from labs.journal import Journal
from labs.messages import Message, messages, timeline, wire

RUN = "application/vnd.hook-line-socket.run+json"
WHOLE = View()
REAL = "A run on real sockets. Its times are its own: show its .diagram to look at them."


@dataclass(frozen=True)
class Run:
    """The result of `main`, what crossed the wire, and what was noticed on the way.

    A name that is not one of ours is looked up in the result: `outcome.raised` is
    `outcome.result["raised"]` of a mapping or the field of a dataclass.
    """

    result: Any
    journal: Journal
    diagnoses: tuple[str, ...] = ()
    title: str = ""
    shown: View = WHOLE

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("result", "journal"):  # how it shows is ours to say
            raise AttributeError(name)
        if isinstance(self.result, Mapping) and name in self.result:
            return self.result[name]
        if hasattr(self.result, name) and not isinstance(self.result, str | int | float | list):
            return getattr(self.result, name)
        raise AttributeError(f"neither the run nor its result has {name!r}")

    @property
    def time(self) -> float:
        """Seconds from the beginning of the run to its end."""
        return self.journal.ended

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """What crossed the wire, decoded and numbered as in the diagram."""
        return messages(self.journal)

    def first(self, name: str) -> Message:
        """The first message whose name begins so: `outcome.first("close 1011").time`.

        Raises KeyError with the names that there are.
        """
        for message in self.messages:
            if message.name.startswith(name):
                return message
        there = ", ".join(dict.fromkeys(message.name for message in self.messages)) or "none"
        raise KeyError(f"no message is called {name!r}; there are: {there}")

    @cached_property
    def diagram(self) -> Diagram:
        """The picture of the run; its text twin is `diagram.text`."""
        return diagram(self.journal, title=self.title, **asdict(self.shown))

    def titled(self, title: str) -> Run:
        """The same run under a title."""
        return replace(self, title=title)

    def view(self, **options: Any) -> Run:
        """The same run, of which the diagram shows a part: `run.view(since=8.9, until=30.6)`.

        The options are the fields of `labs.diagram.View`; every event keeps its number, and
        the journal stays whole.
        """
        return replace(self, shown=replace(self.shown, **options))

    def with_diagnoses(self, more: Iterable[str]) -> Run:
        """The same run with further sentences about what went wrong in it."""
        return replace(self, diagnoses=(*self.diagnoses, *more))

    def keep(self, says: str) -> Evidence:
        """This run as evidence under a sentence of yours, to be quoted later."""
        return keep(says, self.journal, len(self.messages))

    @property
    def text(self) -> str:
        """The text twin of the diagram, and below it what was noticed."""
        noticed = [f"noticed: {says}" for says in self.diagnoses]
        return "\n".join([self.diagram.text.rstrip("\n"), *noticed])

    def __repr__(self) -> str:
        return f"<run of {self.time:.3f} s, {len(self.messages)} messages>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if self.journal.mode == "real":  # its times differ from run to run, stored text must not
            return {"text/plain": REAL}
        picture = {"text/plain": self.text, "image/svg+xml": self.diagram.svg()}
        shown = seen(timeline(self.journal), self.shown)
        return {**picture, RUN: json.loads(json.dumps(wire(self.journal, shown)))}
