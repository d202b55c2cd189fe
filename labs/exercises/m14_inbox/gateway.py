"""The payment gateway: somebody else's machine, which charges once for each key.

It does what draft-ietf-httpapi-idempotency-key-header asks: a key that it knows changes nothing,
and a second call under a key whose first is not decided yet is answered 409.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from labs.exercises.m14_inbox.event import Event

ANSWERED = "the gateway answered"
KEEPS_KEYS = 86_400.0  # seconds; docs.stripe.com says at least 24 hours (2026-11)


@dataclass(frozen=True, slots=True)
class Reply:
    """How the gateway answers one call, and how late; only a 200 has moved money, or did before.

    What it charges, it charges at once, however late the answer is.
    """

    after: float = 0.5
    status: int = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the gateway saw it, decided at `until`; did it move money?"""

    key: str
    provider: str
    id: str
    time: float
    until: float
    charged: bool


@dataclass(slots=True)
class Gateway:
    """What the gateway has done; it answers as `replies` say, one for each call, then promptly."""

    now: Callable[[], float]
    replies: list[Reply] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def charges(self, event: Event) -> int:
        """How often this event moved money."""
        return sum(call.charged for call in self.of(event))

    def of(self, event: Event) -> list[Call]:
        """The calls that were made for this event."""
        return [c for c in self.calls if (c.provider, c.id) == (event.provider, event.id)]

    def take(self, key: str, provider: str, id: str) -> Reply:  # noqa: A002 - the event's own word
        """Charges, unless it refuses or the key is known; how it will answer."""
        reply, now = self.replies.pop(0) if self.replies else Reply(), self.now()
        before = [c for c in self.calls if c.key == key and now - c.time < KEEPS_KEYS]
        known = any(call.charged for call in before)
        if not known and any(call.until > now for call in before):
            reply = Reply(0.0, 409)
        charged = reply.status == 200 and not known
        until = now if reply.status == 200 else now + reply.after
        self.calls.append(Call(key, provider, id, now, until, charged))
        return reply

    async def on_call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one call that came over the wire."""
        head, body = await message(reader)
        said = json.loads(body)
        reply = self.take(head["idempotency-key"], said["provider"], said["id"])
        await asyncio.sleep(reply.after)
        phrase = HTTPStatus(reply.status).phrase
        writer.write(f"HTTP/1.1 {reply.status} {phrase}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()


@dataclass(slots=True)
class Line:
    """The gateway as one process of the auction reaches it: what the learner's code is given."""

    gateway: Gateway
    step: Callable[[str], None]
    wired: bool

    async def charge(self, key: Any, event: Event) -> None:
        """Charge the event's bidder. Raises ConnectionError when the gateway does not."""
        self.step("charge")
        if not self.wired:
            status = self.gateway.take(str(key), event.provider, event.id).status
        else:
            status = await self._ask(str(key), event)
        if status != 200:
            raise ConnectionError(f"{ANSWERED} {status}")

    async def _ask(self, key: str, event: Event) -> int:
        reader, writer = await asyncio.open_connection("gateway", 443)
        body = json.dumps({"provider": event.provider, "id": event.id}).encode()
        writer.write(request("/charges", "gateway", body, **{"Idempotency-Key": key}))
        try:
            answered = await reader.readline()
        finally:
            writer.close()
        return int(answered.split()[1])


def request(path: str, host: str, body: bytes, **fields: str) -> bytes:
    """The bytes of a POST."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def message(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes]:
    """The header fields (and the path, as `:path`) and the body of one request."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(fields["content-length"]))
    return fields | {":path": first.split()[1]}, body
