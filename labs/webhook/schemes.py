"""Sign and verify as real senders do; what they do is a record of `providers.toml`.

`verify` returns what a signature vouches for, or raises InvalidSignature. What it leaves out
does not come back, so that nobody believes it by accident.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha1, sha256
from math import inf
from typing import TypeAlias

from labs.errors import EnvelopeError, InvalidSignature, LabError
from labs.webhook.envelope import single
from labs.webhook.providers import Signature
from labs.webhook.signature import key
from labs.webhook.signed_text import NOTHING, Post, join, octets, pieces, trouble

PrivateKey: TypeAlias = Callable[[bytes], bytes]  # a text -> your signature over it
PublicKey: TypeAlias = Callable[[bytes, bytes], bool]  # is this signature, over this text, yours?
DIGESTS = {"hmac-sha256": sha256, "hmac-sha1": sha1}


@dataclass(frozen=True, slots=True)
class Verified:
    """What a signature vouches for; `covers` names the parts that it was made over."""

    body: bytes
    covers: tuple[str, ...]
    id: str | None = None
    time: str | None = None


def sign(
    scheme: Signature,
    post: Post,
    secrets: Sequence[str | PrivateKey],
    time: str = "",
    ours: Mapping[str, str] = NOTHING,
) -> Post:
    """The same POST with its `time`, and with one signature for each of `secrets`."""
    items, headers = [], list(post.headers)
    if scheme.time:
        items += [f"{scheme.time.item}={time}"] if scheme.time.item else []
        headers += [(scheme.time.header, time)] if scheme.time.header else []
    unsigned = Post((*headers, (scheme.header, "".join(items))), post.body)
    text = join(pieces(scheme, unsigned, ours))
    items += [_written(scheme, text, secret) for secret in secrets]
    return Post((*headers, (scheme.header, scheme.separator.join(items))), post.body)


def verify(
    scheme: Signature,
    post: Post,
    secrets: Sequence[str | PublicKey],
    now: float,
    ours: Mapping[str, str] = NOTHING,
    tolerance: float | None = None,
) -> Verified:
    """What one of `secrets` has signed. Raises InvalidSignature.

    `tolerance`, seconds to either side, is the scheme's own unless given; an unsigned time has
    none, since whoever wrote it could have written any.
    """
    try:
        items = _items(scheme, post)
        parts = pieces(scheme, post, ours)
    except EnvelopeError as error:
        raise InvalidSignature(error.says, scheme.source) from None
    signed = {name: piece.decode("utf-8", "replace") for name, piece in parts if name}
    allowed = scheme.tolerance if tolerance is None else tolerance
    if wrong := trouble(signed, now, inf if allowed is None else allowed):
        raise InvalidSignature(wrong, scheme.source)
    if not any(_by(scheme, join(parts), secret, items) for secret in secrets):
        raise InvalidSignature("none of its signatures is by a secret of ours", scheme.source)
    return Verified(post.body, tuple(signed), signed.get("id"), signed.get("time"))


def _items(scheme: Signature, post: Post) -> Sequence[str]:
    if not scheme.header:
        raise LabError(f"{scheme.label}: this signature stands in the body, not in a header")
    header = single(post.headers, scheme.header.lower())
    return header.split(scheme.separator) if scheme.separator else [header]


def _by(scheme: Signature, text: bytes, secret: str | PublicKey, items: Sequence[str]) -> bool:
    """Whether one of the items is the signature of `secret` over `text`."""
    if not isinstance(secret, str):
        return any(secret(signature, text) for signature in _decoded(scheme, items))
    expected = octets(_written(scheme, text, secret))
    # As text, since two texts may decode alike; in a time that does not tell where they differ.
    return any(hmac.compare_digest(expected, octets(item)) for item in items)


def _written(scheme: Signature, text: bytes, secret: str | PrivateKey) -> str:
    """One signature as it stands in the header, such as v1=<hex>."""
    prefix, _, form = scheme.written[:-1].partition("{")
    if form == "secret":
        return prefix + _present(secret)
    if isinstance(secret, str):
        signature = hmac.digest(_key(scheme, secret), text, DIGESTS[scheme.algorithm])
    else:
        signature = secret(text)
    return prefix + (signature.hex() if form == "hex" else b64encode(signature).decode())


def _decoded(scheme: Signature, items: Sequence[str]) -> list[bytes]:
    """The signatures among the items; what is not written as this scheme's is passed over."""
    prefix, _, form = scheme.written[:-1].partition("{")
    decode = bytes.fromhex if form == "hex" else partial(b64decode, validate=True)
    found = []
    for item in items:
        with suppress(ValueError):
            found += [decode(item.removeprefix(prefix))] if item.startswith(prefix) else []
    return found


def _key(scheme: Signature, secret: str) -> bytes:
    """The bytes of a secret. Raises LabError: an unusable one is our own fault."""
    if scheme.algorithm not in DIGESTS:
        raise LabError(f"{scheme.label}: signed with a private key, verified with a public one")
    return key(secret) if scheme.key.startswith("base64") else _present(secret).encode()


def _present(secret: object) -> str:
    if not isinstance(secret, str) or not secret:
        raise LabError("a secret is a text, and not an empty one: everybody knows that one")
    return secret
