"""What the ways of validation share: a request and its response as values, and how to read them.

Hostile text ends in ValidationError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from labs.errors import ValidationError

LONGEST = 4096  # characters of a token that is sent back


@dataclass(frozen=True, slots=True)
class Request:
    """What a sender asks; the query is decoded."""

    method: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What a receiver answers."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 200


class Validation(Protocol):
    """One way of asking; `agreed` is what sender and receiver settled beforehand."""

    def request(self, token: str, agreed: str) -> Request:
        """What the sender asks, around a fresh token."""

    def answer(self, request: Request, agreed: str) -> Response:
        """What the receiver answers. Raises ValidationError when the question is not for it."""

    def check(self, response: Response, token: str, agreed: str) -> None:
        """Return if the answer convinces the sender. Raises ValidationError."""


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header, whatever its letters' case; empty when it is not there."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def accepted(response: Response, rule: str) -> bytes:
    """The body of an answer with status 200. Raises ValidationError."""
    if response.status != 200:
        raise ValidationError(f"the answer is {response.status}, not 200", rule)
    return response.body


def json_object(body: bytes, rule: str) -> Mapping[str, Any]:
    """The JSON object that `body` holds. Raises ValidationError."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested beyond all measure
        content = None
    if not isinstance(content, dict):
        raise ValidationError("the body is not a JSON object", rule)
    return content


def is_json(body: bytes, expected: Mapping[str, Any]) -> bool:
    """Whether `body` is JSON with this content."""
    try:
        return json_object(body, "") == expected
    except ValidationError:
        return False


def text(fields: Any, name: str, rule: str) -> str:
    """The text under `name`, 1 to 4,096 printable characters. Raises ValidationError."""
    found = fields.get(name) if isinstance(fields, Mapping) else None
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST or not found.isprintable():
        raise ValidationError(f"{name} is not a text of 1 to {LONGEST} printable characters", rule)
    return found
