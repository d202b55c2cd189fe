"""The envelope: what a webhook request says around its body (Standard Webhooks, "Headers").

`parse` takes the headers and the raw body of a POST and returns an Envelope, `serialize` goes
the other way. The body stays bytes: it was signed as bytes, and JSON written anew is others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from labs.errors import EnvelopeError

SPEC = "Standard Webhooks"
# The signed text is "id.timestamp.body": a dot within an id would make two readings of one text.
ID = re.compile(r"[!-\-/-~]{1,256}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery: `id` stays the same over retries, `timestamp` (seconds) is the attempt's."""

    id: str
    timestamp: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """What a body says happened: its type, when (ISO 8601, as sent), and the facts."""

    type: str
    timestamp: str
    data: Mapping[str, Any]


def parse(headers: Headers, body: bytes) -> Envelope:
    """The envelope that arrived in `headers` around `body`. Raises EnvelopeError."""
    webhook_id = single(headers, "webhook-id")
    timestamp = single(headers, "webhook-timestamp")
    if not ID.fullmatch(webhook_id):
        raise EnvelopeError("webhook-id is not 1 to 256 visible characters without a dot", SPEC)
    if not TIMESTAMP.fullmatch(timestamp):
        raise EnvelopeError("webhook-timestamp is not a count of seconds", SPEC)
    return Envelope(webhook_id, int(timestamp), body)


def serialize(envelope: Envelope, *signatures: str) -> tuple[dict[str, str], bytes]:
    """The headers and body of the POST that delivers `envelope`."""
    headers = {
        "content-type": "application/json",
        "webhook-id": envelope.id,
        "webhook-timestamp": str(envelope.timestamp),
        "webhook-signature": " ".join(signatures),
    }
    return headers, envelope.body


def event(envelope: Envelope) -> Event:
    """What happened, read from the body; verify the signature before. Raises EnvelopeError."""
    try:
        content = json.loads(envelope.body)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested beyond all measure
        raise EnvelopeError("the body is not JSON", SPEC) from None
    match content:
        case {"type": str(type), "timestamp": str(timestamp), "data": dict(facts)}:
            return Event(type, timestamp, facts)
    raise EnvelopeError("the body lacks type, timestamp or data", SPEC)


def single(headers: Headers, name: str) -> str:
    """The value of a header that must be there exactly once. Raises EnvelopeError."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found = [value for key, value in pairs if key.lower() == name]
    if len(found) != 1:
        raise EnvelopeError(f"{name} must be there once, it is there {len(found)} times", SPEC)
    return found[0]
