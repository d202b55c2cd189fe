"""The senders that storm can play: an event in each sender's own form, signed by its own scheme.

`shapes.toml` has the forms and `labs/providers.toml` the schemes. Secrets are the user's, time and
ids are arguments.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import urlencode

from course.fieldtest import keys
from course.refusal import Refusal
from labs.errors import LabError
from labs.webhook import schemes
from labs.webhook.providers import PROVIDERS, Provider, Signature
from labs.webhook.signed_text import Post

USAGE = 64
SHAPES: Mapping[str, Any] = tomllib.loads(
    files("course.fieldtest").joinpath("shapes.toml").read_text("utf-8")
)
CANNOT: Mapping[str, str] = SHAPES["cannot"]
SCHEMES = tuple(name for name in SHAPES if name != "cannot")
MANNERS = ("own", "compact", "spaced", "sorted", "spaced, sorted", "indented")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: whatever is sent of it, in however many attempts, has this id."""

    id: str
    type: str
    about: str  # the id of the thing that it happened to
    at: int  # seconds since 1970
    more: Mapping[str, Any] | None = None  # fields beside the usual ones


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender: its scheme, the form of its events, and what it shares with the receiver."""

    name: str
    provider: Provider
    scheme: Signature
    shape: Mapping[str, Any]
    secrets: tuple[str, ...]
    url: str
    manner: str = "own"  # one of MANNERS: how its JSON is written

    def body(self, event: Event) -> bytes:
        """The event as this sender writes it."""
        content = json.loads(Template(self.shape["body"]).substitute(self._values(event)))
        if self.form:
            return urlencode({**content, **(event.more or {})}).encode()
        holder = content if isinstance(content, dict) else content[0]
        holder.update(event.more or {})
        return written(content, self.manner, self.shape.get("indent"))

    def post(
        self, event: Event, at: float, secrets: Sequence[str] = (), body: bytes | None = None
    ) -> Post:
        """A signed delivery of the event, made at `at`; with another body where one is given."""
        values = self._values(event)
        named = [
            (name, Template(value).substitute(values))
            for name, value in self.shape["headers"].items()
        ]
        place = self.scheme.id
        if place and place.header and place.header not in self.shape["headers"]:
            named.append((place.header, event.id))
        unsigned = Post(tuple(named), self.body(event) if body is None else body)
        return self.signed(unsigned, at, secrets)

    def signed(self, post: Post, at: float, secrets: Sequence[str] = ()) -> Post:
        """The POST with a time, and a signature for each of the secrets (all that are shared)."""
        signing = [keys.private(self.scheme, each) for each in secrets or self.secrets[:1]]
        return schemes.sign(self.scheme, post, signing, str(int(at)), {"url": self.url})

    def other_secret(self) -> str:
        """A secret of the same kind that the receiver does not know."""
        return keys.unknown(self.scheme)

    def retry_headers(self) -> Mapping[str, str]:
        """What this sender adds to a delivery that it repeats."""
        headers: Mapping[str, str] = self.shape.get("retry", {})
        return headers

    def writing(self, manner: str) -> Sender:
        """The same, with its JSON written in another manner."""
        return replace(self, manner=manner)

    @property
    def form(self) -> bool:
        """Whether its bodies are forms and not JSON."""
        return bool(self.shape.get("form"))

    @property
    def typed(self) -> bool:
        """Whether its events say of which type they are."""
        return not self.shape.get("untyped")

    @property
    def signs(self) -> bool:
        """Whether there is a signature; otherwise the secret itself is shown."""
        return self.scheme.algorithm != "none"

    @property
    def deadline(self) -> int | None:
        """Seconds that it waits for an answer, where that is published."""
        return self.provider.delivery.deadline if self.provider.delivery else None

    def _values(self, event: Event) -> Mapping[str, str]:
        date = datetime.fromtimestamp(event.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        times = {"time": str(event.at), "milliseconds": f"{event.at}000", "date": date}
        return {"id": event.id, "other": event.about, "type": event.type, **times}


def written(content: Any, manner: str, indent: int | None = None) -> bytes:
    """JSON in one of MANNERS, as different languages write the same."""
    if manner == "indented" or (manner == "own" and indent):
        return json.dumps(content, indent=indent or 2, ensure_ascii=False).encode()
    spaced = "spaced" in manner
    apart = (", ", ": ") if spaced else (",", ":")
    text = json.dumps(
        content, separators=apart, sort_keys="sorted" in manner, ensure_ascii="spaced" in manner
    )
    return text.encode()


def sender(name: str, secrets: Sequence[str], url: str) -> Sender:
    """The sender of that scheme. Raises Refusal where it cannot be played, or not with these."""
    name = name.replace("-", "_").lower()
    if name in CANNOT:
        raise Refusal(f"storm cannot play {PROVIDERS[name].name}: {CANNOT[name]}.", USAGE)
    if name not in SCHEMES:
        raise Refusal(f"There is no scheme `{name}`; there are {', '.join(SCHEMES)}.", USAGE)
    provider, scheme = _scheme(name)
    found = Sender(name, provider, scheme, SHAPES[name], tuple(secrets), url)
    try:
        for each in secrets:
            found.signed(Post((), b"{}") if not scheme.id else _probe(found), 0, (each,))
    except LabError as error:
        raise Refusal(f"This secret does not fit {provider.name}: {error}.", USAGE) from None
    return found


def _scheme(name: str) -> tuple[Provider, Signature]:
    shape = SHAPES[name]
    provider = PROVIDERS[shape.get("provider", name)]
    return provider, next(each for each in provider.signature if each.label == shape["label"])


def _probe(of: Sender) -> Post:
    place = of.scheme.id
    return Post(((place.header, "probe"),) if place and place.header else (), b"a=1")
