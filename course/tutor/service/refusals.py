"""Every way in which a request is refused, as an `error` of the protocol and an HTTP status."""

import logging
import math
from collections.abc import Mapping

from aiohttp import web

from course.server.signin import NotSignedIn
from course.tutor.members import MessageError
from course.tutor.protocol import Error, formatted
from course.tutor.service.buffer import Gap
from course.tutor.service.talk import Busy, UnknownAsk
from course.tutor.store import database
from course.tutor.store.history import UnknownExchange
from course.tutor.throttle import Throttled

log = logging.getLogger(__name__)

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Foreign(Exception):
    """The request comes from a page that is not on the list."""


class WrongType(Exception):
    """The body is not JSON."""


UNKNOWN = "There is no question with this id."
KNOWN: Mapping[type[Exception], tuple[int, str, str]] = {
    NotSignedIn: (401, "unauthenticated", "Sign in first; `GET /tutor/status` says where."),
    Foreign: (403, "forbidden", "This request must come from a page of the course."),
    UnknownAsk: (404, "unknown_id", UNKNOWN),
    UnknownExchange: (404, "unknown_id", UNKNOWN),
    Gap: (409, "gap", "What you missed is no longer here: read the history instead."),
    WrongType: (415, "malformed", "The body must be of the type application/json."),
    Throttled: (429, "throttled", "That was a lot at once: wait a moment."),
    Busy: (429, "busy", "Another answer is being given: wait for it, or stop it."),
}
REFUSED: tuple[type[Exception], ...] = (MessageError, *database.FAILED, *KNOWN)
STATUS = {"too_large": 413, "failed": 500, "interrupted": 409, "quota": 429}  # by code, else 400


def error_of(why: Exception, about: str | None = None) -> Error:
    """The message that says it; one of REFUSED."""
    if isinstance(why, MessageError):
        return Error(why.code, f"{why.says[0].upper()}{why.says[1:]}.", id=why.about or about)
    if isinstance(why, database.FAILED):
        log.error("the database failed", exc_info=why)
        return Error("failed", "This could not be kept; please try again later.", id=about)
    _, code, says = KNOWN[type(why)]
    wait = why.retry_after if isinstance(why, Throttled) else 1.0 if code == "busy" else None
    return Error(code, says, wait and math.ceil(wait * 1000) / 1000, about)


def response_of(why: Exception) -> web.Response:
    """The HTTP response that says it; one of REFUSED."""
    status = KNOWN[type(why)][0] if type(why) in KNOWN else 0
    return response(error_of(why), status)


def response(error: Error, status: int = 0) -> web.Response:
    """The HTTP response of an error."""
    headers = dict(PRIVATE)
    if error.retry_after is not None:
        headers["Retry-After"] = str(int(error.retry_after) + 1)
    return web.Response(
        status=status or STATUS.get(error.code, 400),
        text=formatted(error),
        content_type="application/json",
        headers=headers,
    )
