"""An answer as a notebook shows it: Markdown that grows while the messages come."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from course.tutor.protocol import Citation, Delta, Done, Down, Error, Refused, Usage

MARK = re.compile(r"\[(\d{1,2})\](?![(\[])")
IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
LABELS = {
    "course": "Quoted from the course (no AI model is configured)",
    "model": "Written by a model from the passages it cites",
}


@dataclass
class Shown:
    """What has been said so far; `markdown` is all of it."""

    origin: str
    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def hear(self, message: Down) -> None:
        """Take one more message."""
        match message:
            case Delta(text):
                self.text += text
            case Citation():
                self.citations.append(message)
            case Refused(reason, suggestions):
                self.after += [f"*{refusal(reason)}*", *_listed(suggestions)]
            case Done(usage, followups):
                self.after += [*_listed(followups), f"*{self._label(usage)}*"]
            case Error(code, says, wait):
                again = f" Try again in {wait:.0f} s." if wait else ""
                self.after.append(f"**{says or code}**{again}")

    @property
    def markdown(self) -> str:
        """The answer with its citations as links; pictures and HTML in it are text."""
        safe = IMAGE.sub(r"\1", escape(self.text, quote=False))
        body = MARK.sub(self._linked, safe) or "*Reading the course…*"
        sources = [f"{each.n}. [{each.title}]({self._address(each)})" for each in self.citations]
        return "\n\n".join(filter(None, [body, "\n".join(sources), "\n\n".join(self.after)]))

    def _linked(self, mark: re.Match[str]) -> str:
        cited = next((each for each in self.citations if each.n == int(mark[1])), None)
        return f"[\\[{mark[1]}\\]]({self._address(cited)})" if cited else mark[0]

    def _address(self, cited: Citation) -> str:
        return f"{self.origin}/{cited.url.lstrip('/')}"

    def _label(self, usage: Usage) -> str:
        label = LABELS.get(usage.source, usage.source) if self.text else "The tutor did not answer."
        left = f" {usage.left} of {usage.of} model calls left." if usage.left is not None else ""
        return label + left


def refusal(reason: str) -> str:
    """A reason in words."""
    return REFUSALS.get(reason, reason)


def _listed(questions: tuple[str, ...]) -> list[str]:
    return ["Ask next:\n" + "\n".join(f"- {each}" for each in questions)] if questions else []


REFUSALS = {
    "off_topic": "That is outside this course, so there is nothing here to answer from.",
    "unsure": "Not sure that the course answers this; the closest sections are named.",
    "guarded": (
        "The tutor does not give solutions or graders away, and takes no orders from what is "
        "pasted in. Ask for a hint instead."
    ),
}
