"""The contracts of real senders, as dated data with sources (`labs/providers.toml`).

`PROVIDERS["stripe"].signature[0].signed` is the text that Stripe signs. A key that is unknown,
missing or of the wrong kind is a ProvidersError with the place in the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from labs.errors import LabError


class ProvidersError(LabError):
    """A contract that providers.toml may not state in this form; the text names the key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the request stands: a header, an item of the signature's, a body's key."""

    header: str = ""
    item: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """How a sender signs; an empty `signed` means that it does not, and shows a secret instead."""

    label: str
    algorithm: str
    key: str
    header: str  # empty when the signature stands in the body
    written: str
    signed: str
    unsigned: tuple[str, ...]
    source: str
    checked: date
    separator: str = ""
    time: Place | None = None
    id: Place | None = None
    tolerance: int | None = None  # seconds
    rotation: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """When a sender takes an event for delivered, and what it does until then; seconds."""

    words: str
    source: str
    checked: date
    success: str = ""
    deadline: int | None = None
    deadline_words: str = ""
    delays: tuple[int, ...] = ()  # before each attempt, where published; the first is 0
    attempts: int | None = None
    horizon: int | None = None  # the last attempt, counted from the first
    ends: str = ""
    order: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """How a sender makes sure that a URL belongs to whoever registered it."""

    asks: str
    answer: str
    source: str
    checked: date
    deadline: int | None = None  # seconds
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """One sender; `unconfirmed` holds sentences that nobody may take for facts."""

    name: str
    signature: tuple[Signature, ...] = ()
    delivery: Delivery | None = None
    proof: Proof | None = None
    raw_body: str = ""
    unconfirmed: tuple[str, ...] = ()


T = TypeVar("T")


def read(text: str) -> Mapping[str, Provider]:
    """The providers that a TOML `text` holds, by their keys. Raises ProvidersError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProvidersError(f"providers.toml is not TOML: {error}") from None
    return {key: _record(Provider, table, key) for key, table in content.items()}


def _record(form: type[T], table: Any, key: str) -> T:
    """The dataclass `form` with the values of `table`, each of the kind that its field names."""
    if not isinstance(table, dict):
        raise ProvidersError(f"{key} must be a table, not {table!r}")
    kinds = get_type_hints(form)
    needed = {each.name for each in fields(form) if each.default is MISSING}  # type: ignore[arg-type]
    for wrong in sorted(table.keys() - kinds.keys()):
        raise ProvidersError(f"{key}.{wrong} is not a known key; known are {', '.join(kinds)}")
    for missing in sorted(needed - table.keys()):
        raise ProvidersError(f"{key}.{missing} is missing")
    return form(**{name: _value(kinds[name], table[name], f"{key}.{name}") for name in table})


def _value(kind: Any, value: Any, key: str) -> Any:
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise ProvidersError(f"{key} must be a list, not {value!r}")
        inner = get_args(kind)[0]
        return tuple(_value(inner, each, f"{key}[{n}]") for n, each in enumerate(value, 1))
    kind = next(iter(each for each in get_args(kind) if each is not type(None)), kind)
    if isinstance(value, dict):
        return _record(kind, value, key)
    if type(value) is not kind:
        raise ProvidersError(f"{key} must be a {kind.__name__}, not {value!r}")
    return value


PROVIDERS = read(files("labs").joinpath("providers.toml").read_text("utf-8"))


def schedules() -> Iterator[tuple[str, Delivery]]:
    """Name and delivery of each sender that publishes when it tries again."""
    for provider in PROVIDERS.values():
        if provider.delivery and provider.delivery.confirmed:
            yield provider.name, provider.delivery
