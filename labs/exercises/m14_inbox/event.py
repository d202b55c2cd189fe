"""What a provider delivers: bytes under an id, and what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery; `timestamp` is when it was sent, so it is new each time the event comes."""

    provider: str
    id: str
    body: bytes
    timestamp: float = 0.0

    @property
    def type(self) -> str:
        """What happened: `payment`, `lot.created`, `lot.updated` or `lot.deleted`."""
        return str(json.loads(self.body)["type"])

    @property
    def data(self) -> dict[str, Any]:
        """The particulars, as the body has them."""
        return dict(json.loads(self.body)["data"])

    def at(self, moment: float) -> Event:
        """The same event, delivered at that moment."""
        return replace(self, timestamp=round(moment, 3))


def payment(
    number: int, amount: int, *, provider: str = "bank", event_id: str = "", bidder: str = ""
) -> Event:
    """A bidder is to be charged this amount."""
    data = {"bidder": bidder or f"bidder {number}", "amount": amount}
    return _event(provider, event_id or f"evt_{number}", "payment", data)


def lot(event_id: str, change: str, version: int, price: int | None, number: int = 7) -> Event:
    """A lot of the auction was created, updated or deleted (then it has no price)."""
    data = {"lot": number, "version": version, "price": price}
    return _event("bank", event_id, f"lot.{change}", data)


def _event(provider: str, event_id: str, kind: str, data: dict[str, Any]) -> Event:
    return Event(provider, event_id, json.dumps({"type": kind, "data": data}).encode())
