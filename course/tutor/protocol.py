"""The tutor's protocol: JSON objects with a `type`, over one WebSocket, as frozen dataclasses.

Values in, values out: `parse_up` and `parse_down` turn text into messages or raise MessageError
with a sentence for the peer, `formatted` turns a message into text. The metadata of a field both
checks it and documents it: the protocol's page on the site is made from this module.

Members that a peer does not know are ignored, so that adding one makes no new version.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from course.tutor import members
from course.tutor.members import MessageError, member

VERSION = 1
SUBPROTOCOL = f"tutor.v{VERSION}"  # Sec-WebSocket-Protocol; none at all means the newest

SOCKET = "/tutor/socket"  # GET, WebSocket; ?ticket=...
TICKET = "/tutor/ticket"  # POST -> {"ticket": ...}
ASK = "/tutor/ask"  # POST, one question, one JSON answer
STATUS = "/tutor/status"  # GET, for guests too
HISTORY = "/tutor/history"  # GET, ?search=
EXPORT = "/tutor/export"  # GET, everything that is kept of the user
DELETE = "/tutor/delete"  # POST, the account and everything that is kept
FEEDBACK = "/tutor/feedback"  # POST, what `feedback` says, without a socket
SIGN_IN = "/tutor/sign-in"  # GET and POST, where there are passwords
SIGN_UP = "/tutor/sign-up"  # GET and POST, where registration is open
SIGN_OUT = "/tutor/sign-out"  # POST

MODES = ("explain", "hint", "interview")
VOTES = ("up", "down")
LONGEST_MESSAGE = 32_768  # bytes, up
LONGEST_QUESTION = 4_000  # characters
LONGEST_REASON = 1_000

# What a question may bring along: the learner's own work, data and never instructions.
CONTEXT: Mapping[str, tuple[members.Check, str]] = MappingProxyType(
    {
        "lesson": (members.text(100), "the lesson's id, as in `06_liveness`"),
        "page": (members.text(500), "the path of the page that is open"),
        "cell": (members.text(100), "which cell of the notebook"),
        "code": (members.text(12_000), "the learner's code"),
        "error": (members.text(8_000), "the traceback that it ended in"),
        "output": (members.text(8_000), "what it printed"),
        "exercise": (members.text(100), "the exercise's id, as in `m6.heartbeat`"),
        "verdict": (members.text(100), "the grader's verdict"),
        "bug": (members.text(100), "the id of the bug that was found"),
        "wire": (members.text(12_000), "the table of what crossed the wire in that run"),
        "attempts": (members.number, "how often the exercise was tried"),
        "hint_level": (members.number, "how many hints were taken"),
    }
)

identifier, text, one_of = members.identifier, members.text, members.one_of


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; the same `id` again is the same question, and it is not asked twice."""

    id: str = field(metadata=member(identifier, "the client's own name for the question"))
    question: str = field(metadata=member(text(LONGEST_QUESTION, least=1), "the learner's words"))
    mode: str = field(
        default="explain",
        metadata=member(one_of(*MODES), "how to be helped"),
    )
    context: Mapping[str, str | int] = field(
        default_factory=dict,
        metadata=member(members.table(CONTEXT), "the learner's own work, see below"),
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """No more of the answer to this question."""

    id: str = field(metadata=member(identifier, "the question's"))


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after this message: whatever has a higher `seq` is sent again, then what follows."""

    last_seq: int = field(metadata=member(members.number, "the highest `seq` received; 0 is none"))


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the learner thinks of an answer; a second one replaces the first."""

    id: str = field(metadata=member(identifier, "the question's"))
    vote: str = field(metadata=member(one_of(*VOTES), "was it of use"))
    reason: str = field(
        default="", metadata=member(text(LONGEST_REASON), "why, in the learner's words")
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost: `left` of `of` model calls until `resets`; None without a model."""

    source: str = "course"  # "course": quoted from it; "model": written by `model`
    model: str | None = None
    left: int | None = None
    of: int | None = None
    resets: str | None = None  # RFC 3339, UTC


# Whatever belongs to an answer has a `seq`, counted up by one for each user; other messages do not.
SEQ = member(members.number, "one more than the message before it")


@dataclass(frozen=True, slots=True)
class Start:
    """The answer to this question begins; everything up to `done` or `error` belongs to it."""

    id: str = field(metadata=member(identifier, "the question's"))
    seq: int = field(default=0, metadata=SEQ)


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, in Markdown; `[1]` refers to citation 1."""

    text: str = field(metadata=member(text(), "to be put after what came before"))
    seq: int = field(default=0, metadata=SEQ)


@dataclass(frozen=True, slots=True)
class Citation:
    """The paragraph that bears out what `[n]` stands behind."""

    n: int = field(metadata=member(members.number, "the number in the answer"))
    id: str = field(metadata=member(text(), "the passage's"))
    title: str = field(metadata=member(text(), "its heading"))
    url: str = field(metadata=member(text(), "the paragraph, as a path of the site"))
    seq: int = field(default=0, metadata=SEQ)


@dataclass(frozen=True, slots=True)
class Refused:
    """The course does not answer this, or it is not sure that it does."""

    reason: str = field(metadata=member(text(), "`off_topic`, `unsure`, `guarded` ..."))
    suggestions: tuple[str, ...] = field(
        default=(), metadata=member(members.texts, "questions that it does answer")
    )
    seq: int = field(default=0, metadata=SEQ)


@dataclass(frozen=True, slots=True)
class Done:
    """The answer is complete, or it was stopped."""

    usage: Usage = field(
        default=Usage(), metadata=member(members.record(Usage), "who answered, and what is left")
    )
    followups: tuple[str, ...] = field(
        default=(), metadata=member(members.texts, "questions that go on from here")
    )
    stopped: bool = field(default=False, metadata=member(members.truth, "the learner had enough"))
    seq: int = field(default=0, metadata=SEQ)


@dataclass(frozen=True, slots=True)
class Error:
    """Something that was asked for did not happen; the socket stays open."""

    code: str = field(metadata=member(text(), "for programs, see below"))
    message: str = field(default="", metadata=member(text(), "for people"))
    retry_after: float | None = field(
        default=None, metadata=member(members.seconds, "seconds to wait before it can work")
    )
    id: str | None = field(default=None, metadata=member(identifier, "the question's, if known"))
    seq: int = field(default=0, metadata=SEQ)


Up = Ask | Stop | Resume | Feedback
Down = Start | Delta | Citation | Refused | Done | Error
UP: tuple[type[Up], ...] = (Ask, Stop, Resume, Feedback)
DOWN: tuple[type[Down], ...] = (Start, Delta, Citation, Refused, Done, Error)
BY_TYPE: Mapping[str, type[Any]] = {kind.__name__.lower(): kind for kind in (*UP, *DOWN)}


def parse_up(line: str) -> Up:
    """The message that a client sent. Raises MessageError."""
    if len(line.encode("utf-8", "surrogatepass")) > LONGEST_MESSAGE:
        raise MessageError(f"a message has at most {LONGEST_MESSAGE:,} bytes", "too_large")
    message: Up = _parsed(line, UP)
    return message


def parse_down(line: str) -> Down:
    """The message that the tutor sent. Raises MessageError."""
    message: Down = _parsed(line, DOWN)
    return message


def _parsed(line: str, kinds: tuple[type[Any], ...]) -> Any:
    read = members.object_of(line)
    named = BY_TYPE.get(str(read.get("type")))
    if named not in kinds:
        known = ", ".join(f"`{kind.__name__.lower()}`" for kind in kinds)
        raise MessageError(f"`type` must be one of {known}", "unknown_type", members.id_in(read))
    return made(named, read)


def made(kind: type[Any], read: Mapping[str, object]) -> Any:
    """A message of this kind from the members of a JSON object. Raises MessageError."""
    values = {each.name: value(each, read) for each in fields(kind) if needed(each, read)}
    return kind(**values)


def needed(each: Field[Any], read: Mapping[str, object]) -> bool:
    """Whether the object must tell this member, or does."""
    return read.get(each.name) is not None or not optional(each)


def optional(each: Field[Any]) -> bool:
    """Whether the member may be left out."""
    return each.default is not MISSING or each.default_factory is not MISSING


def value(each: Field[Any], read: Mapping[str, object]) -> object:
    """The member as the message holds it."""
    try:
        return each.metadata["check"](read.get(each.name))
    except ValueError as why:
        raise MessageError(f"`{each.name}` {why}", "malformed", members.id_in(read)) from None


def formatted(message: Up | Down) -> str:
    """The message as it crosses the wire; what may be left out and says nothing is left out."""
    told: dict[str, Any] = {"type": type(message).__name__.lower()}
    for name, may_be_left_out in SHAPES[type(message)]:
        each = getattr(message, name)
        if not (may_be_left_out and each in (None, 0, "", {})):
            told[name] = each
    return _written(told)


SHAPES = {kind: [(each.name, optional(each)) for each in fields(kind)] for kind in (*UP, *DOWN)}
_written = json.JSONEncoder(ensure_ascii=False, default=asdict).encode
