"""What the tutor's service and its clients say to each other, from the code that checks it."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from course.publish.reference.tables import span, table
from course.tutor import protocol
from course.tutor.codes import CLOSES, ERRORS
from course.tutor.dialogue.interview import INTERVIEW
from course.tutor.models.settings import VARIABLES
from course.tutor.service.limits import AT_HOME, HOSTED
from course.tutor.service.talk import TALK
from labs.state_diagram import draw


def up() -> str:
    """Each message that a client sends, and its members."""
    return messages(protocol.UP)


def down() -> str:
    """Each message that the tutor sends, and its members."""
    return messages(protocol.DOWN)


def messages(kinds: tuple[type[Any], ...]) -> str:
    """A heading, a sentence and a table for each message."""
    return "\n\n".join(
        f"### `{kind.__name__.lower()}`\n\n{kind.__doc__}\n\n{members(kind)}" for kind in kinds
    )


def members(kind: type[Any]) -> str:
    """The members of one message, as they are checked."""
    rows = [
        (f"`{each.name}`", each.metadata["check"].form, needed(each), each.metadata["says"])
        for each in fields(kind)
    ]
    return table(("member", "is a", "must be there", "says"), rows)


def needed(each: Field[Any]) -> str:
    """Whether a message without this member is one."""
    return "" if protocol.optional(each) else "yes"


def context() -> str:
    """What a question may bring along."""
    rows = ((f"`{name}`", check.form, says) for name, (check, says) in protocol.CONTEXT.items())
    return table(("member", "is a", "says"), rows)


def closes() -> str:
    """Each close code, and what a client does then."""
    rows = (
        (
            f"`{each.code}`",
            each.when,
            "by itself" if each.reconnects else "not by itself",
            each.client,
        )
        for each in CLOSES
    )
    return table(("code", "when", "comes back", "the client"), rows)


def errors() -> str:
    """Each code of an `error`."""
    rows = ((f"`{each.code}`", each.when, each.client) for each in ERRORS)
    return table(("code", "when", "the client"), rows)


def limits() -> str:
    """The numbers of the service."""
    here, home = HOSTED, AT_HOME
    asks = f"{here.asks_at_once:g} at once, then {here.asks_per_second:g} a second"
    rows = (
        ("a message, up", f"{protocol.LONGEST_MESSAGE:,} bytes, else `error` `too_large`"),
        ("what is not even read", f"{here.largest:,} bytes, close code 1009"),
        ("a ticket lasts", span(here.ticket)),
        ("a ping comes every", span(here.heartbeat)),
        ("a socket without a pong ends after", span(here.heartbeat / 2)),
        ("sessions are looked at every", span(here.recheck)),
        ("sockets of one user", f"{here.sockets}"),
        ("questions of one user", asks),
        ("the same on one's own machine", f"{home.asks_at_once:g}, and {home.asks_per_second:g}"),
        ("messages kept for `resume`", f"{here.buffered}, and {here.buffered_bytes:,} bytes"),
        ("a conversation without sockets is kept", span(here.remembered)),
        ("an answer is given up after", span(here.answer_within)),
        ("a slow reader is given up after", f"{span(here.slow)} for one message"),
        ("calls of a model by one user, a day", f"{here.calls_per_user}, or `--calls-per-user N`"),
        ("calls of a model by all, a day", f"{here.calls_per_day:,}, or `--calls-per-day N`"),
    )
    return table(("limit", "is"), rows)


def model() -> str:
    """The variables of the environment that put a language model behind the tutor."""
    rows = ((f"`{each.name}`", each.says, each.otherwise) for each in VARIABLES)
    return table(("variable", "says", "where it is not set"), rows)


def interview() -> str:
    """The lifecycle of a mock interview, drawn from the table that runs it."""
    return f"<figure>{draw(INTERVIEW, 'A mock interview').to_svg()}</figure>"


def states() -> str:
    """The lifecycle of a conversation, drawn from the table that runs it."""
    return f"<figure>{draw(TALK, 'A conversation').to_svg()}</figure>"
