"""One event as eight real senders would sign it; their schemes are lent to the bank.

Headers beside the signature are those that each of them sends along. Secrets are made from names,
and PayPal's certificate is stood in for by a toy RSA key: short, bare, good for a lesson only.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from labs.webhook import schemes
from labs.webhook.providers import PROVIDERS, Signature
from labs.webhook.schemes import PrivateKey, PublicKey, Verified
from labs.webhook.signed_text import Post

EVENT = b'{"id":"evt_1","tenant":"harbour","amount":120}'
AT = 1_767_225_600  # 2026-01-01, midnight UTC
P, Q, E = 2**255 - 19, 2**256 - 189, 65_537  # two primes
N, D = P * Q, pow(E, -1, (P - 1) * (Q - 1))


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender: its scheme, and the headers that it sends along without signing them."""

    name: str
    scheme: Signature
    along: tuple[tuple[str, str], ...] = ()

    def send(
        self,
        event: bytes = EVENT,
        at: int = AT,
        tenant: str = "harbour",
        secrets: Sequence[str | PrivateKey] | None = None,
    ) -> Post:
        """The event as a signed POST to one of its customers."""
        place = self.scheme.id
        named = ((place.header, "evt_1"),) if place and place.header else ()
        facts = {"tenant": tenant, "date": date(at)}
        written = tuple((name, value.format(**facts)) for name, value in self.along)
        time = date(at) if "|" in self.scheme.signed else str(at)
        default: list[str | PrivateKey] = [toy_sign if self._pair else secret(tenant)]
        signing = default if secrets is None else secrets
        unsigned = Post((*named, *written), event)
        return schemes.sign(self.scheme, unsigned, signing, time, ours(tenant))

    def verify(
        self,
        post: Post,
        now: float = AT,
        tenant: str = "harbour",
        secrets: Sequence[str | PublicKey] | None = None,
        tolerance: float | None = None,
    ) -> Verified:
        """What the signature vouches for, at the endpoint of `tenant`. Raises InvalidSignature."""
        known = self.keys(tenant) if secrets is None else secrets
        return schemes.verify(self.scheme, post, known, now, ours(tenant), tolerance)

    def keys(self, tenant: str) -> list[str | PublicKey]:
        """What a receiver has to know for the endpoint of `tenant`."""
        return [toy_verify if self._pair else secret(tenant)]

    @property
    def _pair(self) -> bool:
        return self.scheme.algorithm == "rsa-sha256"


def date(at: int) -> str:
    """A count of seconds as a date in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def secret(name: str) -> str:
    """A secret made from a name, so that every run has the same; real ones are random."""
    return "whsec_" + b64encode(sha256(name.encode()).digest()[:24]).decode()


def ours(tenant: str) -> Mapping[str, str]:
    """What sender and receiver both know of an endpoint."""
    return {"url": f"https://auction.example/{tenant}", "webhook_id": f"WH-{tenant.upper()}"}


def toy_sign(text: bytes) -> bytes:
    """The signature of the toy key's private half."""
    return pow(int.from_bytes(sha256(text).digest(), "big"), D, N).to_bytes(64, "big")


def toy_verify(signature: bytes, text: bytes) -> bool:
    """Whether the toy key's public half, E and N, finds the text's hash in the signature."""
    return pow(int.from_bytes(signature, "big"), E, N) == int.from_bytes(
        sha256(text).digest(), "big"
    )


def _sender(key: str, number: int = 0, name: str = "", **along: str) -> Sender:
    provider = PROVIDERS[key]
    headers = tuple((each.replace("_", "-"), value) for each, value in along.items())
    return Sender(name or provider.name, provider.signature[number], headers)


SENDERS: Mapping[str, Sender] = {
    sender.name: sender
    for sender in (
        _sender("standard_webhooks"),
        _sender("stripe"),
        _sender("paypal", PAYPAL_AUTH_ALGO="SHA256withRSA"),
        _sender("github", X_GitHub_Event="bid_paid"),
        _sender("gitlab", name="GitLab, token", X_Gitlab_Event="Bid Hook"),
        _sender("slack"),
        _sender(
            "shopify",
            X_Shopify_Topic="bids/paid",
            X_Shopify_Shop_Domain="{tenant}.example",
            X_Shopify_Triggered_At="{date}",
        ),
        _sender("square"),
    )
}
