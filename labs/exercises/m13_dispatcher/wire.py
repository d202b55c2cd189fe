"""Both ends of a POST on the world's wire: the client that a dispatcher is given, and receivers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from labs.exercises.crash import Process

PATIENCE = 15.0  # seconds until a post gives up
ENOUGH = 65_536  # bytes of an answer; who asks for more than this means all of it
SENT = 2_048  # bytes that a receiver with a huge answer really sends


class Watch(Protocol):
    """Who looks on while a worker sends."""

    def sends(self, process: Process, url: str, event_id: str, timestamp: Any, body: bytes) -> Any:
        """Before the request leaves; what comes back is handed to `hears`."""

    def hears(self, post: Any, status: int | None) -> None:
        """The answer is there, or there will be none."""

    def reads(self, event_id: str, size: int, whole: int) -> None:
        """Somebody wants `size` bytes in all of an answer that has `whole`."""


@dataclass(slots=True)
class Reply:
    """An answer: its status, its headers by their lower-case names, and its body to read from."""

    status: int
    headers: Mapping[str, str]
    event_id: str
    body: bytes
    whole: int
    watch: Watch
    given: int = 0

    async def read(self, size: int = -1) -> bytes:
        """The next bytes of the body, `size` at most; without a size, all of them."""
        await asyncio.sleep(0.001)
        size = self.whole if size < 0 else size
        rest = max(0, min(size, self.whole - self.given))
        self.watch.reads(self.event_id, self.given + rest, self.whole)
        piece = self.body[self.given :][:rest].ljust(min(rest, ENOUGH), b".")
        self.given += rest
        return piece


@dataclass(slots=True)
class Http:
    """What a dispatcher is given as `http`; it follows nothing and keeps nothing."""

    process: Process
    watch: Watch
    stops: Callable[[], Any] | None = None  # awaited between the answer and its reader

    async def post(self, url: str, event_id: str, timestamp: Any, body: bytes) -> Reply:
        """The answer to one POST. Raises TimeoutError after 15 s, or ConnectionError."""
        self.process.step("send the event")
        post = self.watch.sends(self.process, url, event_id, timestamp, body)
        status = None
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._exchange(url, event_id, timestamp, body)
            status = reply.status
        finally:
            self.watch.hears(post, status)
        if self.stops is not None:
            await self.stops()
        self.process.step("hear the answer")
        return reply

    async def _exchange(self, url: str, event_id: str, timestamp: Any, body: bytes) -> Reply:
        host, _, path = url.removeprefix("http://").partition("/")
        reader, writer = await asyncio.open_connection(host, 80)
        fields = {"Host": host, "webhook-id": event_id, "webhook-timestamp": timestamp}
        fields |= {"Content-Length": len(body), "Connection": "close"}
        try:
            writer.write(_head(f"POST /{path} HTTP/1.1", fields) + body)
            status, headers = _parsed(await reader.readuntil(b"\r\n\r\n"))
            whole = int(headers.get("content-length", 0))
            sent = await reader.readexactly(min(whole, SENT))
        except asyncio.IncompleteReadError:
            raise ConnectionResetError(f"{host} ended the connection without an answer") from None
        finally:
            writer.close()
        return Reply(status, headers, event_id, sent, whole, self.watch)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver does with a delivery: answers, is silent, or resets the connection."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    size: int = 2
    way: str = "answers"


Script = Callable[[str, int], Answer]  # by the event's id, and how often it has come


@dataclass(slots=True)
class Receiver:
    """An endpoint that answers as its script says, and remembers when what came."""

    script: Script
    came: dict[str, list[float]] = field(default_factory=dict)
    world: Any = None

    async def serve(self, world: Any, host: str) -> None:
        """Listen on a machine."""
        self.world = world
        with world.host(host):
            await asyncio.start_server(self._take, host, 80)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            _, headers = _parsed(await reader.readuntil(b"\r\n\r\n"))
            await reader.readexactly(int(headers["content-length"]))
            times = self.came.setdefault(headers["webhook-id"], [])
            times.append(round(self.world.now, 3))
            await self._answer(writer, self.script(headers["webhook-id"], len(times)))

    async def _answer(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        if answer.way == "silent":
            await asyncio.sleep(10 * PATIENCE)
        await asyncio.sleep(answer.after)
        if answer.way == "resets":
            writer.transport.abort()
            return
        fields = {**answer.headers, "Content-Length": answer.size} if answer.size else {}
        line = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"
        writer.write(_head(line, fields) + b"." * min(answer.size, SENT))
        if answer.size <= SENT:
            writer.close()


def _head(line: str, fields: Mapping[str, Any]) -> bytes:
    lines = [line, *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("utf-8", "replace").rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    status = first.split(" ")[1]
    return int(status) if status.isdigit() else 0, {n.lower(): v.strip() for n, _, v in pairs}
