"""The sender: it signs, posts, waits three seconds, and comes again as Slack does."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from labs.exercises.m11_receive.auction import Auction
from labs.exercises.m11_receive.delivery import Delivery

PATIENCE = 3.0  # seconds
DELAYS = (0, 0, 60, 300)  # docs.slack.dev, Events API (2026-11)
AFTERWARDS = 30.0  # seconds until what was queued has been worked on


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank hears; None when nothing came."""

    status: int | None
    why: str = ""

    @property
    def accepted(self) -> bool:
        """Does the bank forget the event now?"""
        return self.status is not None and self.status // 100 == 2

    @property
    def failed(self) -> bool:
        """Does it count as the receiver's own failure?"""
        return self.status is None or self.status // 100 == 5

    def __str__(self) -> str:
        if self.status is None:
            return "with nothing"
        return f"{self.status} ({self.why})" if self.why else str(self.status)


@dataclass(frozen=True, slots=True)
class Bank:
    """It has one receiver."""

    auction: Auction

    async def deliver(self, delivery: Delivery, attempts: int = 4, first: int = 0) -> list[Answer]:
        """The answers to one event, until it is accepted or the attempts are used up."""
        answers: list[Answer] = []
        for retry in range(first, attempts):
            if retry > first:
                await asyncio.sleep(DELAYS[retry])
            answers.append(await self.post(delivery, retry))
            if answers[-1].accepted:
                break
        return answers

    async def settled(self) -> None:
        """Return when the worker has had time for whatever it was given."""
        await asyncio.sleep(AFTERWARDS)

    async def post(self, delivery: Delivery, retry: int = 0) -> Answer:
        """The answer to one call."""
        line = b""
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self._call(delivery, retry)
        except (TimeoutError, ConnectionError):
            pass
        await asyncio.sleep(0.05)  # the end of the connection is on its way
        status, _, why = line.decode().strip().partition(" ")[2].partition(" ")
        return Answer(int(status), why.partition(": ")[2]) if line else Answer(None)

    async def _call(self, delivery: Delivery, retry: int) -> bytes:
        fields = delivery.headers(time.time(), retry)
        lines = [f"{delivery.method} /paid HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
        head = "\r\n".join([*lines, "", ""]).encode()
        reader, writer = await asyncio.open_connection("auction", 80)
        sending = asyncio.create_task(_send(writer, head, delivery))
        try:
            return await reader.readline()
        finally:
            sending.cancel()
            writer.close()


async def _send(writer: asyncio.StreamWriter, head: bytes, delivery: Delivery) -> None:
    writer.write(head)
    try:
        for part in delivery.parts():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.001)
    except ConnectionError:
        pass  # it has heard enough
