"""The door of `auction`: raw streams on which a learner's `handshake` reads and answers.

`bidder` knocks with bytes; the door calls `handshake` after each read, sends what it decides and,
once the line is open, says which bid it heard. A `Knock` tells what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from traceback import extract_tb
from typing import Any

from labs.errors import FrameError, HandshakeError
from labs.exercises.scenario import Stage
from labs.websocket import frames
from labs.websocket.frames import Frame, Opcode, Role
from labs.websocket.handshake import check, rejection
from labs.websocket.head import (
    Response,
    parse_request,
    parse_response,
    serialize,
    tokens,
    values,
)

PATIENCE = 5.0  # seconds for which bidder waits for an answer
BLANK_LINE = b"\r\n\r\n"
NORMAL = (1000).to_bytes(2, "big")
MASK = b"\x1f\x8b\x42\x07"  # any four bytes: these hide nothing
GOODBYE = frames.serialize(Frame(Opcode.CLOSE, NORMAL, mask=MASK))

OPENED, REFUSED, RAISED, SILENT, ODD = "opened", "refused", "raised", "silent", "odd"


@dataclass(slots=True)
class Knock:
    """What came of one request: how it ended, in words, and what `handshake` gave back."""

    outcome: str = SILENT
    says: str = "`handshake` never returned anything but None, and bidder gave up after 5 s"
    response: Response | None = None
    behind: bytes = b""
    status: int = 0
    had: int = 0  # bytes that had arrived when it decided


@dataclass(slots=True)
class Door:
    """`auction` on port 80; `reads` is how many bytes it takes at a time."""

    stage: Stage
    subprotocols: Sequence[str] = ()
    reads: int = 65_536
    strict: bool = False  # what `handshake` raises there is shown as an exception of its own
    waiting: list[Knock] = field(default_factory=list)

    async def knock(self, *segments: bytes) -> Knock:
        """Connect, send each segment in a packet of its own, and wait for what comes back."""
        if not self.waiting:
            await asyncio.start_server(self._attend, "auction", 80)
        self.waiting.append(knock := Knock())
        reader, writer = await asyncio.open_connection("auction", 80)
        for segment in segments:
            writer.write(segment)
            await asyncio.sleep(0.05)
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                answer = await reader.readuntil(BLANK_LINE)
                if believes(b"".join(segments), answer):
                    writer.write(GOODBYE)
                    await reader.read()
        writer.close()
        return knock

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knock, received = self.waiting[-1], b""
        while knock.outcome == SILENT and (chunk := await reader.read(self.reads)):
            received += chunk
            await self._ask(knock, received)
        writer.write(answer_to(knock))
        if knock.status == 101 and await reader.read(65_536):
            writer.write(frames.serialize(Frame(Opcode.CLOSE, NORMAL)))
        writer.close()

    async def _ask(self, knock: Knock, received: bytes) -> None:
        expected = HandshakeError if self.strict else Exception
        function = self.stage.given.handshake
        knock.had = len(received)
        try:
            value = await self.stage.call(function, received, self.subprotocols, expect=(expected,))
        except HandshakeError as error:
            knock.outcome, knock.status = REFUSED, error.status
            knock.says = f"`handshake` refused with {error.status}: {error}"
        except Exception as error:  # noqa: BLE001 - whatever a learner's code raises is told
            knock.outcome = RAISED
            place = place_of(error, function)
            knock.says = f"`handshake` raised {type(error).__name__}: {error}{place}"
        else:
            _decided(knock, value)


def _decided(knock: Knock, value: Any) -> None:
    """Write down what was returned; None is no decision."""
    if value is None:
        return
    if sentence := odd(value):
        knock.outcome, knock.says = ODD, f"`handshake` returned {sentence}"
        return
    knock.response, knock.behind = value[0], bytes(value[1])
    knock.outcome, knock.status = OPENED, knock.response.status
    knock.says = f"`handshake` returned the answer {knock.response.status}"


def odd(value: Any) -> str:
    """What a returned value is, where it is no pair of a Response and bytes; else empty."""
    if not isinstance(value, tuple) or len(value) != 2:
        return f"{named(value)}, no pair"
    response, behind = value
    if not isinstance(response, Response):
        return f"a pair that begins with {named(response)}"
    if not isinstance(behind, bytes | bytearray | memoryview):
        return f"a pair that ends with {named(behind)}"
    headers: Any = response.headers
    for pair in headers if isinstance(headers, tuple | list) else [headers]:
        if not isinstance(pair, tuple | list) or list(map(type, pair)) != [str, str]:
            return f"a Response whose headers hold {named(pair)}, no pair of name and value"
    try:
        serialize(response)
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        return f"a Response that cannot be sent: {error}"
    return ""


def named(value: Any) -> str:
    """A value in the words of an error: its type, and what it is."""
    return f"{type(value).__name__} {value!r}"


def place_of(error: Exception, function: Any) -> str:
    """The learner's own line in which this was raised, as far as it can be told."""
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    steps = [step for step in extract_tb(error.__traceback__) if step.filename == own]
    return f" in line {steps[-1].lineno}, `{steps[-1].line}`" if steps else ""


def believes(request: bytes, answer: bytes) -> bool:
    """Does a client that sent this request believe in an open line after this answer?"""
    try:
        asked, answered = parse_request(request), parse_response(answer)
        assert asked is not None
        assert answered is not None
        offered = tokens(asked.headers, "Sec-WebSocket-Protocol")
        check(answered, values(asked.headers, "Sec-WebSocket-Key")[0], offered)
    except (HandshakeError, AssertionError, IndexError):
        return False
    return True


def answer_to(knock: Knock) -> bytes:
    """What goes over the wire for it; nothing where `handshake` failed, as when a server dies."""
    if knock.outcome == REFUSED:
        known = knock.status in HTTPStatus.__members__.values()
        status = knock.status if known else 500
        return serialize(rejection(HandshakeError("refused", "", status)))
    if knock.response is None:
        return b""
    return serialize(knock.response) + heard(knock.behind)


def heard(behind: bytes) -> bytes:
    """A frame that names the bid in `behind`; a close frame when it holds no frame."""
    try:
        frame = frames.parse(behind, Role.SERVER)
    except FrameError as error:
        return frames.serialize(Frame(Opcode.CLOSE, error.close_code.to_bytes(2, "big")))
    if frame is None:
        return b""
    return frames.serialize(Frame(Opcode.TEXT, b"heard " + frame.payload))
