"""A bidder that dials, reads the head of the answer, and asks a learner's `check_answer` about it.

Where that returns, the bidder believes in the line and sends a bid; where it raises, the bidder
leaves. A `Call` tells what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any, TypeAlias

from labs.errors import HandshakeError
from labs.exercises.scenario import Stage
from labs.exercises.verdict import Finding
from labs.outcome import Run
from labs.websocket import frames, handshake
from labs.websocket.frames import Frame, Opcode
from labs.websocket.head import Response, parse_request, parse_response, serialize, values

Answer: TypeAlias = Callable[[str], Response]  # what auction says to a key
Complaint: TypeAlias = tuple[str, str]  # a bug, and what was seen

LET_IN, REFUSED, RAISED = "let in", "refused", "raised"
BLANK_LINE = b"\r\n\r\n"
NORMAL = (1000).to_bytes(2, "big")
MASK = b"\x1f\x8b\x42\x07"  # any four bytes: these hide nothing
BID = frames.serialize(Frame(Opcode.TEXT, b"bid 100", mask=MASK))
GOODBYE = frames.serialize(Frame(Opcode.CLOSE, NORMAL, mask=MASK))
HEARD = frames.serialize(Frame(Opcode.TEXT, b"heard bid 100"))
CLOSED = frames.serialize(Frame(Opcode.CLOSE, NORMAL))


@dataclass(frozen=True, slots=True)
class Call:
    """What came of one answer: how `check_answer` ended, in words, and what it returned."""

    outcome: str
    says: str
    value: Any = None


@dataclass(slots=True)
class Phone:
    """A bidder's calls; `answer` is what whoever stands at port 80 says to the next one."""

    stage: Stage
    strict: bool = False  # what `check_answer` raises there is shown as an exception of its own
    answer: Answer | None = None

    async def call(self, answer: Answer) -> Call:
        """Dial, let `check_answer` judge what comes back, and believe it."""
        nonce = self.stage.rng.randbytes(16)
        if self.answer is None:
            await asyncio.start_server(self._attend, "auction", 80)
            nonce = b"the sample nonce"  # RFC 6455, 1.3
        self.answer = answer
        asked = handshake.request("auction", "/bids", nonce)
        reader, writer = await asyncio.open_connection("auction", 80)
        writer.write(serialize(asked))
        response = parse_response(await reader.readuntil(BLANK_LINE))
        call = await self._ask(response, values(asked.headers, "Sec-WebSocket-Key")[0])
        if call.outcome == LET_IN:
            writer.write(BID)
            writer.write(GOODBYE)
            await reader.read()
        writer.close()
        return call

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = parse_request(await reader.readuntil(BLANK_LINE))
        assert request is not None
        assert self.answer is not None
        key = values(request.headers, "Sec-WebSocket-Key")[0]
        response = self.answer(key)
        writer.write(serialize(response))
        if await reader.read(65_536) and is_honest(response, key):
            writer.write(HEARD + CLOSED)
        writer.close()

    async def _ask(self, response: Response | None, key: str) -> Call:
        expected = HandshakeError if self.strict else Exception
        function = self.stage.given.check_answer
        try:
            value = await self.stage.call(function, response, key, expect=(expected,))
        except HandshakeError as error:
            return Call(REFUSED, f"`check_answer` refused it: {error}")
        except Exception as error:  # noqa: BLE001 - whatever a learner's code raises is told
            place = place_of(error, function)
            return Call(RAISED, f"`check_answer` raised {type(error).__name__}: {error}{place}")
        return Call(LET_IN, f"`check_answer` returned {value!r}, and bidder sent a bid", value)


def is_honest(response: Response, key: str) -> bool:
    """Does whoever answered so speak WebSocket? An impostor hears no bid."""
    try:
        handshake.check(response, key)
    except HandshakeError:
        return False
    return True


def place_of(error: Exception, function: Any) -> str:
    """The learner's own line in which this was raised, as far as it can be told."""
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    steps = [step for step in extract_tb(error.__traceback__) if step.filename == own]
    return f" in line {steps[-1].lineno}, `{steps[-1].line}`" if steps else ""


def parted(run: Run) -> Finding | None:
    """The complaint of a run: at the bid that was sent to nobody, else at the answer."""
    if run.result is None:
        return None
    bug, saw = run.result
    last = [each for each in run.messages if each.connection == run.messages[-1].connection]
    bids = [each for each in last[2:] if each.sender == "bidder"]
    event = bids[0] if bids else last[1]
    return Finding(bug, saw[0].upper() + saw[1:], event.number, round(event.time, 3))
