"""What graders stand on: an end of a line over streams, and the form of what was asked for."""

from __future__ import annotations

import asyncio
from random import Random
from types import SimpleNamespace

import pytest

from labs import run
from labs.exercises.asked import fits, made
from labs.exercises.faults import NotAsked
from labs.exercises.line import accepted, dialled
from labs.exercises.scenario import Stage
from labs.websocket.frames import Opcode


def test_two_ends_exchange_frames_and_the_client_masks_its_own():
    """A bid goes up masked, a price comes down, and a close ends both loops."""

    async def serve(reader, writer):
        end = await accepted(reader, writer, Random(1))
        async for frame in end.frames():
            if frame.opcode is Opcode.CLOSE:
                break
            end.say(frame.payload.decode().upper())
        writer.close()

    async def main(world):
        await asyncio.start_server(serve, "auction", 80)
        end = await dialled("auction", Random(2))
        end.say("bid")
        end.send(Opcode.CLOSE)
        return [frame.payload async for frame in end.frames()]

    outcome = run(main, at="bidder")

    assert outcome.result == [b"BID"]
    assert [(m.sender, m.name, m.size) for m in outcome.messages[2:]] == [
        ("bidder", "text", 9),
        ("bidder", "close", 6),
        ("auction", "text", 5),
    ]


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"]
)
def test_a_line_that_is_not_opened_is_an_oserror(answer):
    """No answer and another answer than 101 look alike to whoever asked for a line."""

    async def serve(reader, writer):
        writer.write(answer)
        writer.close()

    async def main(world):
        await asyncio.start_server(serve, "auction", 80)
        with pytest.raises(OSError, match=r"503|before the handshake"):
            await dialled("auction", Random(2))

    run(main, at="bidder")


def test_a_line_that_is_reset_ends_its_frames():
    """Whoever reads learns of a reset as of any other end."""

    async def main(world):
        async def serve(reader, writer):
            await accepted(reader, writer, Random(1))
            await asyncio.sleep(1)
            world.reset("bidder", "auction")

        await asyncio.start_server(serve, "auction", 80)
        end = await dialled("auction", Random(2))
        return [frame async for frame in end.frames()]

    assert run(main, at="bidder").result == []


class Heart:
    """What somebody might hand in."""

    def __init__(self, line):
        self.line = line

    def pong(self, payload):
        return payload


def test_what_has_the_asked_form_is_made():
    """The instance comes back, with its methods found to fit."""
    given = Stage(None, SimpleNamespace, "", Random(1), SimpleNamespace(Heart=Heart), raised=None)

    async def main(world):
        return await made(given, "Heart", "line", pong=(b"",))

    assert run(main).result.line == "line"


@pytest.mark.parametrize(
    ("args", "methods", "says"),
    [
        (("line", "clock"), {}, r"`Heart` cannot be called with 2 arguments: too many"),
        ((), {}, r"`Heart` cannot be called with 0 arguments: missing a required"),
        (("line",), {"run": ()}, r"`Heart` has no method `run`"),
        (("line",), {"pong": ()}, r"`Heart.pong` cannot be called with 0 arguments"),
    ],
)
def test_what_has_another_form_is_told_in_a_sentence(args, methods, says):
    """A class that takes something else, or misses a method, is no crash of the grader."""
    given = Stage(None, SimpleNamespace, "", Random(1), SimpleNamespace(Heart=Heart), raised=None)

    async def main(world):
        await made(given, "Heart", *args, **methods)

    with pytest.raises(NotAsked, match=says):
        run(main)


def test_a_function_that_takes_what_it_gets_fits():
    """Star arguments and defaults count."""
    fits(lambda *args: args, "anything", 1, 2, 3)
