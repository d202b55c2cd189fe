"""Three readers of the same bytes, each answering in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import websockets.protocol
from websockets.frames import Close as WebsocketsClose
from websockets.frames import Opcode as WebsocketsOpcode
from wsproto.frame_protocol import FrameProtocol, ParseFailed
from wsproto.frame_protocol import Opcode as WsprotoOpcode

from labs.errors import FrameError
from labs.websocket.close import Close
from labs.websocket.frames import Role
from labs.websocket.messages import Binary, FrameReader, Message, Ping, Pong, Text

Reader = Callable[[bytes, Role], list[str]]


def ours(received: bytes, role: Role, step: int = 0, max_size: int = 2**20) -> list[str]:
    """What `FrameReader` makes of the bytes, handed over whole or `step` at a time."""
    reader, answers = FrameReader(role, max_size), []
    try:
        for start in range(0, len(received), step or len(received) or 1):
            reader.receive_data(received[start : start + (step or len(received))])
            while (message := reader.next_message()) is not None:
                answers.append(_say(message))
    except FrameError as error:
        answers.append(f"fail {error.close_code}")
    return answers


def by_websockets(received: bytes, role: Role, max_size: int = 2**20) -> list[str]:
    """What the websockets library makes of the bytes."""
    side = websockets.protocol.Side[role.name]
    protocol = websockets.protocol.Protocol(side, max_size=max_size)
    protocol.receive_data(received)
    answers = list(_messages(protocol.events_received()))
    if protocol.parser_exc and "fail 1007" not in answers:
        answers.append(f"fail {protocol.close_sent.code}")
    return answers


def by_wsproto(received: bytes, role: Role) -> list[str]:
    """What wsproto makes of the bytes."""
    protocol, answers, parts = FrameProtocol(role is Role.CLIENT, []), [], []
    protocol.receive_bytes(received)
    try:
        for frame in protocol.received_frames():
            if frame.opcode is WsprotoOpcode.CLOSE:
                code, reason = frame.payload
                return [*answers, f"close {None if code == 1005 else int(code)} {reason or ''!r}"]
            if frame.opcode in (WsprotoOpcode.PING, WsprotoOpcode.PONG):
                answers.append(f"{frame.opcode.name.lower()} {bytes(frame.payload).hex()}")
                continue
            parts.append(frame.payload)
            if frame.message_finished:
                empty = "" if frame.opcode is WsprotoOpcode.TEXT else b""
                whole = empty.join(parts)
                parts.clear()
                answers.append(_say(Text(whole) if whole == str(whole) else Binary(bytes(whole))))
    except ParseFailed as error:
        answers.append(f"fail {int(error.code)}")
    return answers


def _messages(frames: list[websockets.protocol.Event]) -> Iterator[str]:
    parts, opcode = b"", None
    for frame in frames:
        if frame.opcode is WebsocketsOpcode.CLOSE:
            close = WebsocketsClose.parse(frame.data)
            yield f"close {None if close.code == 1005 else int(close.code)} {close.reason!r}"
            return
        if frame.opcode in (WebsocketsOpcode.PING, WebsocketsOpcode.PONG):
            yield f"{frame.opcode.name.lower()} {bytes(frame.data).hex()}"
            continue
        opcode = frame.opcode if frame.opcode is not WebsocketsOpcode.CONT else opcode
        parts += frame.data
        if opcode is WebsocketsOpcode.TEXT:
            try:  # the library checks text as it assembles a message, as its front ends do here
                text = parts.decode() if frame.fin else ""
            except UnicodeDecodeError:
                yield "fail 1007"
                return
        if frame.fin:
            yield _say(Text(text) if opcode is WebsocketsOpcode.TEXT else Binary(parts))
            parts = b""


def _say(message: Message) -> str:
    match message:
        case Text(text):
            return f"text {text!r}"
        case Binary(payload):
            return f"binary {payload.hex()}"
        case Ping(payload):
            return f"ping {payload.hex()}"
        case Pong(payload):
            return f"pong {payload.hex()}"
        case Close(code, reason):
            return f"close {code} {reason!r}"


@pytest.fixture(scope="session")
def readers() -> dict[str, Reader]:
    """Ours and the two libraries', by name."""
    return {"ours": ours, "websockets": by_websockets, "wsproto": by_wsproto}
