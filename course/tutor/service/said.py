"""What has been said of an answer so far, as it will be kept."""

from course.tutor.protocol import Ask, Citation, Delta, Done, Error, Refused, Usage
from course.tutor.replies import Cited, Exchange, Refusal
from course.tutor.service.answerer import Part
from course.tutor.store.history import LONGEST_ANSWER

MOST_CHARACTERS = 60_000


class TooLong(Exception):
    """An answer of this length is none."""


class Said:
    """Gathers the parts of one answer."""

    def __init__(self, ask: Ask, model: str | None = None) -> None:
        self._ask = ask
        self._model = model
        self._texts: list[str] = []
        self._citations: list[Cited] = []
        self._refusal: Refusal | None = None
        self._parts = 0
        self._characters = 0

    def add(self, part: Part) -> None:
        """Take one more part. Raises TooLong."""
        self._parts += 1
        match part:
            case Delta(text):
                self._characters += len(text)
                self._texts.append(text)
            case Citation(n, name, title, url):
                self._citations.append(Cited(n, name, title, url))
            case Refused(reason, suggestions):
                self._refusal = Refusal(reason, suggestions)
        # `start` and the end are numbered as well.
        if self._parts > LONGEST_ANSWER - 2 or self._characters > MOST_CHARACTERS:
            raise TooLong

    @property
    def usage(self) -> Usage:
        """Who answered, where nobody said so at the end."""
        return Usage("model", self._model) if self._model else Usage()

    def exchange(self, end: Done | Error) -> Exchange:
        """The exchange, after this end."""
        done = end if isinstance(end, Done) else Done()
        return Exchange(
            self._ask.id, self._ask.question, self._ask.mode, "", self._state(end),
            "".join(self._texts), tuple(self._citations), done.followups, self._refusal,
            done.usage.source, done.usage.model,
        )  # fmt: skip

    def _state(self, end: Done | Error) -> str:
        if isinstance(end, Error):
            return "failed"
        if end.stopped:
            return "stopped"
        return "refused" if self._refusal else "done"
