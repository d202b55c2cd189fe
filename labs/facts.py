"""What other people's software does by default, as dated data with sources (`labs/facts.toml`).

`FACTS.idle[0].closes` is the second after which nginx closes a silent line. A row that could not
be confirmed says so and is never used as a fact. A wrong key in the file is a FactsError.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar

from labs.errors import LabError


class FactsError(LabError):
    """A row that facts.toml may not state in this form; the text names the table."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A hop on the path that closes a line after `closes` s of what it counts; None: unless set."""

    hop: str
    counts: str
    resets: str
    source: str
    checked: date
    closes: float | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A library's default: ask after `asks` s, wait `allows` s more; None: it does not ask."""

    software: str
    words: str
    source: str
    checked: date
    asks: float | None = None
    allows: float | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Kernel:
    """What TCP does by itself `after` so many seconds."""

    setting: str
    after: float
    words: str
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class CloseSender:
    """Who sends a close code, and when."""

    code: int
    sender: str
    when: str
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """Close codes above 2999 that one application has settled for itself."""

    who: str
    codes: str
    words: str
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class RawBody:
    """How a framework hands over a body's bytes, and how they get lost; `ran`: it was tried."""

    framework: str
    take: str
    trap: str
    limit: str
    source: str
    checked: date
    instead: str = ""
    ran: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All tables of the file."""

    idle: tuple[Idle, ...]
    heartbeat: tuple[Heartbeat, ...]
    kernel: tuple[Kernel, ...]
    close_code: tuple[CloseSender, ...]
    agreed: tuple[Agreed, ...]
    raw_body: tuple[RawBody, ...]


Row = TypeVar("Row")


def read(text: str) -> Facts:
    """The facts that a TOML `text` holds. Raises FactsError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FactsError(f"facts.toml is not TOML: {error}") from None
    return Facts(
        idle=_rows(Idle, tables, "idle"),
        heartbeat=_rows(Heartbeat, tables, "heartbeat"),
        kernel=_rows(Kernel, tables, "kernel"),
        close_code=_rows(CloseSender, tables, "close_code"),
        agreed=_rows(Agreed, tables, "agreed"),
        raw_body=_rows(RawBody, tables, "raw_body"),
    )


def _rows(form: type[Row], tables: dict[str, Any], name: str) -> tuple[Row, ...]:
    try:
        return tuple(form(**row) for row in tables.get(name, ()))
    except TypeError as error:  # an unknown or a missing key, in Python's own words
        raise FactsError(f"facts.toml, [[{name}]]: {error}") from None


FACTS = read(files("labs").joinpath("facts.toml").read_text("utf-8"))
