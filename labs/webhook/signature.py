"""The signature: who sent this, unchanged, and not long ago (Standard Webhooks, "Signature").

`sign` makes the text of one signature; `verify` returns the envelope or raises
InvalidSignature, whatever was wrong. Log its sentence, but answer the caller a bare 401:
somebody who forges learns from every detail.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from labs.errors import EnvelopeError, InvalidSignature, LabError
from labs.webhook import envelope as envelopes
from labs.webhook.envelope import SPEC, Envelope, Headers

PREFIX = "whsec_"
TOLERANCE = 300  # seconds, into the past and into the future: clocks differ both ways


def sign(envelope: Envelope, secret: str) -> str:
    """The signature of `envelope` under `secret`, as it stands in webhook-signature."""
    return "v1," + b64encode(_digest(envelope, secret)).decode("ascii")


def verify(
    headers: Headers,
    body: bytes,
    secrets: str | Sequence[str],
    now: float,
    tolerance: float = TOLERANCE,
) -> Envelope:
    """The envelope of a request that one of `secrets` has signed, at most `tolerance` s ago.

    While a secret is being replaced there are two. Raises InvalidSignature.
    """
    try:
        envelope = envelopes.parse(headers, body)
        signatures = _signatures(envelopes.single(headers, "webhook-signature"))
    except EnvelopeError as error:
        raise InvalidSignature(error.says, error.rule) from None
    if not abs(now - envelope.timestamp) <= tolerance:
        raise InvalidSignature(f"sent {now - envelope.timestamp:.0f} s ago by our clock", SPEC)
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        expected = _digest(envelope, secret)
        # compare_digest takes the same time wherever the first difference is
        if any(hmac.compare_digest(expected, signature) for signature in signatures):
            return envelope
    raise InvalidSignature(f"none of {len(signatures)} v1 signatures is by a secret of ours", SPEC)


def key(secret: str) -> bytes:
    """The bytes that a secret stands for: base64 behind the prefix whsec_."""
    try:
        decoded = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise LabError("a webhook secret is base64 behind the prefix whsec_, this one is not")
    return decoded


def _digest(envelope: Envelope, secret: str) -> bytes:
    signed = f"{envelope.id}.{envelope.timestamp}.".encode() + envelope.body
    return hmac.digest(key(secret), signed, sha256)


def _signatures(header: str) -> list[bytes]:
    # "v1,<base64> v1a,<base64> ...": other versions are other people's, and so is what is broken
    found = []
    for item in header.split(" "):
        version, _, encoded = item.partition(",")
        try:
            found += [b64decode(encoded, validate=True)] if version == "v1" else []
        except (binascii.Error, ValueError):
            continue
    return found
