"""What the tutor's HTTP endpoints answer, as frozen dataclasses; `asdict` makes the JSON.

A refusal is the body `{"type": "error", "code", "message", "retry_after"?}` with a status.
"""

from dataclasses import dataclass

from course.tutor.protocol import VERSION


@dataclass(frozen=True, slots=True)
class SignInHint:
    """Where a guest signs in: a path of this site, or None where a link in the terminal does it."""

    says: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """`left` of `of` model calls of today, until `resets` (RFC 3339, UTC)."""

    left: int
    of: int
    resets: str


@dataclass(frozen=True, slots=True)
class Status:
    """GET /tutor/status, for guests too; `model` and `quota` are None where none is configured."""

    signed_in: bool
    user: str | None
    model: str | None
    quota: Quota | None
    sign_in: SignInHint
    sign_out: str | None
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation, as in the message `citation`."""

    n: int
    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, and what could be asked instead."""

    reason: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer: an entry of GET /tutor/history, newest first.

    `state` is `answering`, `done`, `stopped`, `refused`, `failed` or `interrupted`.
    """

    id: str
    question: str
    mode: str
    asked: str  # RFC 3339, UTC
    state: str
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    followups: tuple[str, ...] = ()
    refusal: Refusal | None = None
    source: str = "course"
    model: str | None = None
    vote: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """POST /tutor/ask with `{question, mode?, context?, id?}`."""

    answer: str
    citations: tuple[Cited, ...]
    refused: bool
    followups: tuple[str, ...]
    id: str
    source: str
    reason: str = ""  # of the refusal
    suggestions: tuple[str, ...] = ()
