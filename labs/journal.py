"""What crossed the wire: every byte with its time and direction, in the order it happened.

A world writes the journal; nothing in it depends on who reads it. Servers and clients do not
know that it exists: recording happens on the wire, as harm does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Opened:
    """A TCP connection: asked for at `time`, established for the client at `arrived`."""

    time: float
    connection: int
    client: str
    server: str
    port: int
    arrived: float | None


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes that one side handed to the network; `arrived` is None when they never got there."""

    time: float
    connection: int
    sender: str
    receiver: str
    data: bytes
    arrived: float | None
    lost: str = ""  # why they never arrived: "reset", "crash", "run ended" ...


@dataclass(frozen=True, slots=True)
class Ended:
    """One side ended its half (FIN) or the whole connection (RST)."""

    time: float
    connection: int
    sender: str
    receiver: str
    how: str  # "FIN" | "RST"
    arrived: float | None


@dataclass(frozen=True, slots=True)
class Left:
    """A program let go of its end, at this moment and for good; nothing crosses the wire."""

    time: float
    connection: int
    sender: str  # whose program it was
    receiver: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A connection that was not made: nobody listens, or nobody answers."""

    time: float
    client: str
    server: str
    port: int
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Harm done to the world; a band when it lasts (`until`), a mark when it does not."""

    time: float
    name: str  # "cut", "reset", "crash", "power cut", "restart", "refuse", "stop reading", "skew"
    hosts: tuple[str, ...]
    until: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line that the program wrote on its machine's lane."""

    time: float
    host: str
    says: str


Event: TypeAlias = Opened | Sent | Ended | Left | Refused | Fault | Note

KINDS: Mapping[str, type[Event]] = {
    "opened": Opened,
    "sent": Sent,
    "ended": Ended,
    "left": Left,
    "refused": Refused,
    "fault": Fault,
    "note": Note,
}
NAMES = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Journal:
    """Events in order of time, the machines in order of appearance, and when the run ended."""

    events: tuple[Event, ...]
    hosts: tuple[str, ...]
    ended: float
    seed: int = 0
    mode: str = "virtual"

    def digest(self) -> str:
        """The SHA-256 of everything that happened: equal bytes at equal times, equal digest."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """The journal as one line of JSON; bytes are written in hexadecimal."""
        events = [[NAMES[type(event)], *_plain(event)] for event in self.events]
        record = {"hosts": self.hosts, "ended": self.ended, "seed": self.seed, "mode": self.mode}
        return json.dumps({**record, "events": events}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Journal:
        """The journal that `to_json` wrote."""
        record = json.loads(text)
        events = tuple(_event(name, values) for name, *values in record.pop("events"))
        return cls(events=events, hosts=tuple(record.pop("hosts")), **record)


def _plain(event: Event) -> Iterable[Any]:
    values = asdict(event).values()
    return (value.hex() if isinstance(value, bytes) else value for value in values)


def _event(name: str, values: list[Any]) -> Event:
    kind = KINDS[name]
    named = dict(zip((field.name for field in fields(kind)), values, strict=True))
    if "data" in named:
        named["data"] = bytes.fromhex(named["data"])
    if "hosts" in named:
        named["hosts"] = tuple(named["hosts"])
    return kind(**named)
