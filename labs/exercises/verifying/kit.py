"""How deliveries are made for a verifier, right ones and such as differ in one respect."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from labs.errors import EnvelopeError
from labs.exercises.verifying.door import Delivery
from labs.webhook import schemes, signature
from labs.webhook.providers import Signature
from labs.webhook.signature import PREFIX
from labs.webhook.signed_text import Post, join, pieces

AT = 1_767_225_600  # when each delivery is signed, in seconds since 1970


@dataclass(frozen=True, slots=True)
class Kit:
    """A scheme, the function that is asked for, and the form in which it is given secrets."""

    function: str
    scheme: Signature
    given: Callable[[Sequence[str]], Sequence[Any]] = list
    rng: Random = field(default_factory=lambda: Random(0))

    def drawing(self, rng: Random) -> Kit:
        """The same kit with the randomness of one run."""
        return replace(self, rng=rng)

    def secret(self) -> str:
        """A fresh secret; its base64 has no sign that would need care."""
        return "whsec_" + b64encode(self.rng.randbytes(24)).decode()

    def event(self) -> bytes:
        """The body of a payment."""
        number, amount = self.rng.randrange(10**6, 10**7), self.rng.randrange(100, 1000)
        event = {"id": f"evt_{number}", "house": "harbour", "amount": amount}
        return json.dumps(event, separators=(",", ":")).encode()

    def delivery(
        self,
        what: str,
        *,
        body: bytes | None = None,
        by: Sequence[str] | None = None,
        known: Sequence[str] | None = None,
        age: float = 0,
        time: str = str(AT),
        webhook_id: str = "",
        secrets: Sequence[Any] | None = None,
    ) -> Delivery:
        """A delivery signed `by` these secrets, for a receiver that knows those, `age` s later."""
        own = [self.secret()]
        place = self.scheme.id
        name = webhook_id or f"msg_{self.rng.randrange(10**8, 10**9)}"
        headers = ((place.header, name),) if place and place.header else ()
        post = Post(headers, self.event() if body is None else body)
        signing = own if by is None else by
        signed = schemes.sign(self.scheme, post, signing, time)
        known = signing if known is None else known
        given = self.given(known) if secrets is None else secrets
        return Delivery(what, signed.headers, post.body, given, AT + age, tuple(known))

    def changed(self, what: str, delivery: Delivery, **headers: str | None) -> Delivery:
        """The same with other values in headers (None cuts one), under another name."""
        post = Post(delivery.headers, delivery.body)
        for name, value in headers.items():
            post = post.with_header(name.replace("_", "-"), value)
        return replace(delivery, what=what, headers=post.headers, sender="proxy")

    def swapped(self, what: str, delivery: Delivery, body: bytes) -> Delivery:
        """The same with another body."""
        return replace(delivery, what=what, body=body, sender="proxy")

    def thin_air(self) -> list[str]:
        """Two signatures of the right form, by nobody."""
        prefix, _, form = self.scheme.written.partition("{")
        made = self.rng.randbytes(32), bytes(32)
        forms = [each.hex() if form == "hex}" else b64encode(each).decode() for each in made]
        return [prefix + each for each in forms]

    def hidden(self, delivery: Delivery) -> list[str]:
        """What no error may tell: the secrets, and the signature that would have been right."""
        try:
            text = join(pieces(self.scheme, Post(delivery.headers, delivery.body)))
        except EnvelopeError:
            return list(filter(None, delivery.known))
        came = self.signature(delivery)
        keys = [self.key(secret) for secret in delivery.known if secret.removeprefix(PREFIX)]
        digests = [hmac.digest(key, text, "sha256") for key in keys]
        right = [form for each in digests for form in (each.hex(), b64encode(each).decode())]
        return [*filter(None, delivery.known), *(each for each in right if each not in came)]

    def key(self, secret: str) -> bytes:
        """The bytes that a secret stands for."""
        return signature.key(secret) if self.scheme.key.startswith("base64") else secret.encode()

    @property
    def header(self) -> str:
        """The header in which the signature stands, as a keyword."""
        return self.scheme.header.replace("-", "_")

    def signature(self, delivery: Delivery) -> str:
        """What stands in the signature's header; "" where there is none."""
        header = self.scheme.header.lower()
        return next((value for name, value in delivery.headers if name.lower() == header), "")
