"""The codes of the tutor's protocol: what they mean, and what a client does then.

Close codes from 4000 to 4999 are for private use (RFC 6455 7.4.2); ours end in the HTTP status
that says the same. The protocol's page on the site is made from these tables.
"""

from dataclasses import dataclass

UNAUTHENTICATED, FORBIDDEN, TOO_MANY = 4401, 4403, 4429
GOING_AWAY, TOO_BIG, TRY_AGAIN_LATER = 1001, 1009, 1013


@dataclass(frozen=True, slots=True)
class Close:
    """One close code that the tutor sends; `reconnects` is what a client may do by itself."""

    code: int
    when: str
    client: str
    reconnects: bool


CLOSES = (
    Close(UNAUTHENTICATED, "the ticket is used, unknown or older than 30 s, or the session ended",
          "shows where to sign in; with a session, gets a new ticket once", False),
    Close(FORBIDDEN, "the page's Origin is not on the list",
          "does not come again: the page is at the wrong address", False),
    Close(TOO_MANY, "too many sockets of one user, or too many messages after being asked to wait",
          "waits until the learner does something", False),
    Close(GOING_AWAY, "the service stops or is started anew",
          "reconnects with jittered backoff and resumes", True),
    Close(TOO_BIG, "a message of more than four times the limit, which is not even read",
          "does not send it again", True),
    Close(TRY_AGAIN_LATER, "the reader was slower than the buffer is long",
          "reconnects with jittered backoff and resumes", True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """The `code` of an `error`; the socket stays open."""

    code: str
    when: str
    client: str


ERRORS = (
    Code("malformed", "the message is no JSON object, or a member is not what it must be",
         "is mended; the same message will fail again"),
    Code("unknown_type", "`type` names no message of this version", "is mended"),
    Code("too_large", "the message is longer than the limit", "says it shorter"),
    Code("busy", "an answer is still being given to this user",
         "waits for `done`, or sends `stop`"),
    Code("throttled", "more questions than the limit", "waits `retry_after` seconds"),
    Code("quota", "the model calls of the user or of the day are spent",
         "shows when they come back (`retry_after`)"),
    Code("gap", "what came after `last_seq` is no longer in the buffer",
         "reads the history instead, and takes the next `seq` as it comes"),
    Code("unknown_id", "there is no question with this id", "forgets it"),
    Code("interrupted", "the service stopped in the middle of the answer",
         "asks anew, with a new id, when the learner wants it"),
    Code("failed", "the answer could not be given; the reason is in the service's log",
         "asks anew, with a new id, when the learner wants it"),
)  # fmt: skip
