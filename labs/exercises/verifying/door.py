"""A door behind which a learner's verifier stands: each delivery comes over the wire.

What the verifier returns is answered with 200, what it refuses with 401, and whatever else it
raises with 500, as a web server would do it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from traceback import extract_tb
from typing import Any

from labs.errors import InvalidSignature
from labs.exercises.scenario import Stage
from labs.exercises.verdict import Finding
from labs.outcome import Run

LET_IN, REFUSED, RAISED = "let in", "refused", "raised"
ANSWERS = {
    LET_IN: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    REFUSED: b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
    RAISED: b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
}
SHOWN = 160  # characters of what came back, in a sentence


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request, and what else the verifier is given: its secrets and the time."""

    what: str  # what it is called in a verdict
    headers: tuple[tuple[str, str], ...]
    body: bytes
    secrets: Any
    now: float
    known: tuple[str, ...] = ()  # the secrets as texts, which no error may tell
    sender: str = "bank"


@dataclass(frozen=True, slots=True)
class Knock:
    """What came of a delivery: how the verifier ended, in words, and what it returned."""

    outcome: str
    says: str
    value: Any = None
    error: str = ""
    number: int = 1  # of the answer, counted from the first that this door gave


@dataclass(slots=True)
class Door:
    """One receiver, and the function that judges what comes to it."""

    stage: Stage
    name: str
    knocks: int = 0
    waiting: Delivery | None = None
    last: Knock | None = field(default=None)

    async def knock(self, delivery: Delivery) -> Knock:
        """Send the delivery, let the verifier judge it, and hear the answer."""
        if not self.knocks:
            await asyncio.start_server(self._attend, "auction", 80)
        self.knocks, self.waiting = self.knocks + 1, delivery
        with self.stage.world.host(delivery.sender):
            reader, writer = await asyncio.open_connection("auction", 80)
            writer.write(_request(delivery))
            await reader.read()
            writer.close()
        assert self.last is not None
        return replace(self.last, number=self.knocks)

    async def ask(self, delivery: Delivery) -> Knock:
        """Let the verifier judge a delivery that does not cross the wire."""
        function = getattr(self.stage.given, self.name)
        asked = list(delivery.headers), delivery.body, list(delivery.secrets), delivery.now
        try:
            value = await self.stage.call(function, *asked, expect=(Exception,))
        except InvalidSignature as error:
            return Knock(
                REFUSED, f"`{self.name}` refused it: {_short(str(error))}", None, str(error)
            )
        except Exception as error:  # noqa: BLE001 - whatever a learner's code raises is told
            raised = f"{type(error).__name__}: {_short(str(error))}"
            place = place_of(error, function)
            return Knock(RAISED, f"`{self.name}` raised {raised}{place}", None, str(error))
        return Knock(LET_IN, f"`{self.name}` returned {_short(repr(value))}", value)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.rpartition(b"Content-Length: ")[2])
        await reader.readexactly(length)
        assert self.waiting is not None
        self.last = await self.ask(self.waiting)
        writer.write(ANSWERS[self.last.outcome])
        writer.close()


def place_of(error: Exception, function: Any) -> str:
    """The learner's own line in which this was raised, as far as it can be told."""
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    steps = [step for step in extract_tb(error.__traceback__) if step.filename == own]
    return f" in line {steps[-1].lineno}, `{steps[-1].line}`" if steps else ""


def parted(run: Run) -> Finding | None:
    """The complaint of a run, at the answer that it is about."""
    if run.result is None:
        return None
    bug, saw, number = run.result
    event = [each for each in run.messages if each.sender == "auction"][number - 1]
    return Finding(bug, saw[0].upper() + saw[1:], event.number, round(event.time, 3))


def _request(delivery: Delivery) -> bytes:
    lines = [f"{name}: {value}" for name, value in delivery.headers]
    head = ["POST /paid HTTP/1.1", "Host: auction", *lines, f"Content-Length: {len(delivery.body)}"]
    text = "\r\n".join([*head, "", ""])
    return text.encode("utf-8", "surrogatepass") + delivery.body


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
