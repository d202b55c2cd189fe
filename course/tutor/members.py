"""The members of a message, checked one by one; whatever is wrong becomes a sentence.

A check returns the value as the message will hold it or raises ValueError with the end of a
sentence that begins with the member's name.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, NoReturn

from labs.errors import WireError

IDENTIFIER = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
LARGEST = 2**53 - 1  # RFC 8259 6: beyond it, programs do not agree about a number
LONGEST = 100_000  # characters of any text
# No database keeps U+0000 in a text, and half of a surrogate pair is no text at all.
UNKEPT = re.compile("[\0\ud800-\udfff]")


class MessageError(WireError):
    """What the peer sent is no message; `code` and `about` go into the `error` that answers."""

    def __init__(self, says: str, code: str = "malformed", about: str | None = None) -> None:
        super().__init__(says)
        self.args = (says, code, about)
        self.code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class Check:
    """What a member must be, in a word for the documentation, and the reading of it."""

    form: str
    read: Callable[[Any], Any]

    def __call__(self, given: object) -> Any:
        """The value. Raises ValueError."""
        return self.read(given)


def member(check: Check, says: str) -> Mapping[str, Any]:
    """The metadata of a message's field: how it is checked, and what it says."""
    return MappingProxyType({"check": check, "says": says})


def object_of(line: str) -> Mapping[str, object]:
    """The JSON object that the text is. Raises MessageError."""
    try:
        read = json.loads(line, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise MessageError("a message is a JSON object") from None
    if not isinstance(read, dict):
        raise MessageError("a message is a JSON object")
    return read


def no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)


def id_in(read: Mapping[str, object]) -> str | None:
    """The id of a message that may have nothing else right."""
    given = read.get("id")
    return given if isinstance(given, str) and IDENTIFIER.fullmatch(given) else None


def _identifier(given: object) -> str:
    if not isinstance(given, str) or not IDENTIFIER.fullmatch(given):
        raise ValueError("must be 1 to 64 letters, digits or any of `_ . : -`")
    return given


def text(most: int = LONGEST, least: int = 0) -> Check:
    """A text of so many characters; `least` counts what is not blank."""

    def read(given: object) -> str:
        if not isinstance(given, str):
            raise ValueError("must be a text")
        if len(given.strip()) < least:
            raise ValueError("must not be empty")
        if len(given) > most:
            raise ValueError(f"must have at most {most:,} characters")
        if UNKEPT.search(given):
            raise ValueError("must not hold U+0000 or half of a surrogate pair")
        return given

    return Check("text" if most == LONGEST else f"text, at most {most:,} characters", read)


def one_of(*known: str) -> Check:
    """A word from a list."""
    words = " or ".join(f"`{each}`" for each in known)

    def read(given: object) -> str:
        if given not in known:
            raise ValueError(f"must be {words}")
        return str(given)

    return Check(words, read)


def _number(given: object) -> int:
    if type(given) is not int or not 0 <= given <= LARGEST:
        raise ValueError("must be a whole number from 0 to 2^53 - 1")
    return given


def _seconds(given: object) -> float:
    if type(given) not in (int, float) or not 0 <= given <= LARGEST:  # type: ignore[operator]
        raise ValueError("must be a number of seconds")
    return given  # type: ignore[return-value]


def _truth(given: object) -> bool:
    if not isinstance(given, bool):
        raise ValueError("must be true or false")
    return given


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ValueError("must be a list of texts")
    return tuple(given)


identifier = Check("name, at most 64 of `A-Z a-z 0-9 _ . : -`", _identifier)
number = Check("whole number", _number)
seconds = Check("number", _seconds)
truth = Check("true or false", _truth)
texts = Check("list of texts", _texts)


def table(known: Mapping[str, tuple[Check, str]]) -> Check:
    """An object of members that are all optional; those that are not known are left out."""

    def read(given: object) -> Mapping[str, Any]:
        if not isinstance(given, dict):
            raise ValueError("must be an object")
        held = {name: given[name] for name in known if given.get(name) is not None}
        return {name: within(name, known[name][0], held[name]) for name in held}

    return Check("object", read)


def within(name: str, check: Check, given: object) -> Any:
    """One member of an object that is a member itself. Raises ValueError with both names."""
    try:
        return check(given)
    except ValueError as why:
        raise ValueError(f"holds `{name}`, which {why}") from None


def record(kind: type[Any]) -> Check:
    """An object that becomes this dataclass; its members are as the tutor itself sent them."""

    def read(given: object) -> Any:
        if not isinstance(given, dict):
            raise ValueError("must be an object")
        return kind(**{each.name: given[each.name] for each in fields(kind) if each.name in given})

    return Check("object", read)
