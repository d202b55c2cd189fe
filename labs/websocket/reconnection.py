"""How real clients come back: their delays as published, and two of them as policies.

Read on 2026-11-23 from the sources named. Seconds; "then the last again" unless `ends` differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from labs.backoff import exponential


@dataclass(frozen=True, slots=True)
class Reconnection:
    """A client's delays before jitter, how jitter changes them, and when it gives up."""

    client: str
    delays: tuple[float, ...]
    jitter: str
    ends: str
    source: str


RECONNECTIONS = (
    Reconnection(
        "websockets (Python)",
        (5.0, 3.1, 5.0158, 8.1156, 13.131, 21.2459, 34.3759, 55.6202, 89.9935, 90.0),
        "the first is random between 0 and 5 s, the others are exact",
        "never",
        "websockets 17.4, asyncio/client.py",
    ),
    Reconnection(
        "Socket.IO", (1.0, 2.0, 4.0, 5.0), "±50 %", "never", "socket.io-client, contrib/backo2.ts"
    ),
    Reconnection(
        "phoenix.js",
        (0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0),
        "none",
        "never",
        "phoenix, assets/js/phoenix/socket.js",
    ),
    Reconnection(
        "SignalR",
        (0.0, 2.0, 10.0, 30.0),
        "none",
        "after 4 attempts; off unless withAutomaticReconnect() is called",
        "aspnetcore, DefaultReconnectPolicy.ts",
    ),
    Reconnection(
        "graphql-ws",
        (1.0, 2.0, 4.0, 8.0, 16.0),
        "plus 0.3 to 3 s",
        "after 5 attempts",
        "graphql-ws, src/client.ts",
    ),
)


def websockets_delays(rng: Random) -> Iterator[float]:
    """The delays of `async for connection in websockets.connect(...)`."""
    yield rng.uniform(0, 5)
    delay = 3.1
    while True:
        yield min(delay, 90.0)
        delay = min(delay * 1.618, 90.0)


def socket_io_delays(rng: Random) -> Iterator[float]:
    """The delays of a Socket.IO client: doubled, changed by up to half, then cut at 5 s."""
    for delay in exponential(rng, 1.0, 2.0**20):
        yield min(5.0, delay * rng.uniform(0.5, 1.5))
