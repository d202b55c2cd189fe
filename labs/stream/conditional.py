"""Conditional requests: "send it only if it is new", and "ask again later" (RFC 9110).

A server names the state that it sends by an entity tag. A client sends the tag back, and a server
whose state still has that name answers 304, without a body. The tag promises only as much as its
author put into it: `tag_of` makes it from the body, so equal bodies have equal tags, whatever
happened in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from labs.errors import ConditionError

# RFC 9110 8.8.3: between the quotes neither a space nor a quote, so a comma may stand in a tag
ONE = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
TAG, LIST = re.compile(ONE), re.compile(rf"[ \t,]*{ONE}(?:[ \t]*,[ \t,]*{ONE})*[ \t,]*")
SECONDS = re.compile(r"[0-9]{1,10}")
LONGEST = 8192  # characters of a field that are worth reading


@dataclass(frozen=True, slots=True)
class EntityTag:
    """The name of one state; a weak one means "as good as the same", not "the same bytes"."""

    opaque: str
    weak: bool = False

    def __str__(self) -> str:
        return f'{"W/" if self.weak else ""}"{self.opaque}"'


def tag_of(body: bytes) -> EntityTag:
    """A tag made from the body alone: the same body, the same tag."""
    return EntityTag(sha256(body).hexdigest()[:16])


def status(if_none_match: str | None, current: EntityTag) -> int:
    """The status that a GET is answered with: 304 when the client has `current`, else 200."""
    if if_none_match is None:
        return 200
    try:
        tags = parse_tags(if_none_match)
    except ConditionError:
        return 200  # a condition that cannot be read is none; a whole answer is never wrong
    # RFC 9110 13.1.2: the weak comparison, in which W/ counts for nothing
    held = {tag.opaque for tag in tags}
    return 304 if if_none_match == "*" or current.opaque in held else 200


def parse_tag(etag: str) -> EntityTag:
    """The tag in an ETag field. Raises ConditionError."""
    if len(etag) > LONGEST or not (found := TAG.fullmatch(etag)):
        raise ConditionError("an ETag is one name in double quotes, no spaces", "RFC 9110 8.8.3")
    return EntityTag(found[2], weak=bool(found[1]))


def parse_tags(if_none_match: str) -> tuple[EntityTag, ...]:
    """The tags that an If-None-Match field lists; "*" lists none. Raises ConditionError."""
    if if_none_match == "*":
        return ()
    if len(if_none_match) > LONGEST or not LIST.fullmatch(if_none_match):
        raise ConditionError("If-None-Match is * or a list of entity tags", "RFC 9110 13.1.2")
    return tuple(EntityTag(opaque, bool(weak)) for weak, opaque in TAG.findall(if_none_match))


def wait(retry_after: str, now: float) -> float:
    """The seconds that a Retry-After field asks for, at `now` (seconds since 1970).

    Both its forms are read, a count of seconds and a date; a date that has passed asks for none.
    Raises ConditionError.
    """
    if SECONDS.fullmatch(retry_after):
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after[:64])
        # RFC 9110 5.6.7: each HTTP-date is in GMT, said or not
        moment = date.replace(tzinfo=date.tzinfo or UTC)
        return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        says = "Retry-After is neither a count of seconds nor a date"
        raise ConditionError(says, "RFC 9110 10.2.3") from None
