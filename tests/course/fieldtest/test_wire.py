"""The connections of a storm: kept for the next delivery, left alone where that would do harm."""

import asyncio
from contextlib import asynccontextmanager, suppress

from course.fieldtest.line import Course
from course.fieldtest.target import target
from course.fieldtest.wire import Wire
from labs.journal import Opened, Sent
from labs.webhook.signed_text import Post

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
POST = Post((("X-Number", "1"),), b"{}")
PATIENCE = 5.0


@asynccontextmanager
async def wire_to(answer):
    """A wire to a server whose connections are handed to `answer`."""
    sides = []

    async def side(reader, writer):
        sides.append(asyncio.current_task())
        with suppress(ConnectionError):
            await answer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(side, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        wire = Wire(await target(f"http://127.0.0.1:{port}/hook"), "storm")
        try:
            yield wire
        finally:
            wire.close()
            await asyncio.gather(*sides)


def always(reply, *, times=100):
    """A server's side of a connection: this reply to each request, and the end after so many."""

    async def answer(reader, writer):
        for _ in range(times):
            try:
                await reader.readuntil(b"\r\n\r\n{}")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            writer.write(reply)

    return answer


def played(answer, *deliveries):
    """The wire after these deliveries, one after the other, and the statuses."""

    async def program():
        async with wire_to(answer) as wire:
            answers = [await wire.exchange(POST, PATIENCE, **each) for each in deliveries]
            return wire, [each.status or each.trouble for each in answers]

    return asyncio.run(program())


def test_a_connection_is_kept_for_the_next_delivery():
    """Two deliveries, one after the other, cross one connection."""
    wire, said = played(always(OK), {}, {})
    assert (said, wire.tape.connections) == ([200, 200], 1)


def test_a_delivery_apart_has_a_connection_of_its_own():
    """It says that it is the last one there, and the next one does not use it."""
    wire, said = played(always(OK), {}, {"apart": True}, {})
    assert (said, wire.tape.connections) == ([200, 200, 200], 2)
    sent = [event.data for _, event in wire.tape.events if isinstance(event, Sent)]
    assert [b"Connection: close" in data for data in sent if b"POST" in data] == [0, 1, 0]


def test_a_delivery_that_goes_out_in_its_own_way_is_alone():
    """What trickles or is cut off leaves no connection behind."""
    wire, said = played(always(OK), {"course": Course(parts=2)}, {})
    assert (said, wire.tape.connections) == ([200, 200], 2)


def test_an_answer_may_end_the_connection():
    """Who answers Connection: close, or as HTTP/1.0 does, is connected to again."""
    for head in (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", b"HTTP/1.0 200 OK\r\n"):
        wire, said = played(always(head + b"Content-Length: 0\r\n\r\n"), {}, {})
        assert (said, wire.tape.connections) == ([200, 200], 2)


def test_bytes_behind_an_answer_end_the_connection():
    """They would be taken for the next answer."""
    wire, said = played(always(OK + b"HTTP/1.1 500 "), {}, {})
    assert (said, wire.tape.connections) == ([200, 200], 2)


def test_a_kept_connection_that_was_closed_is_no_finding():
    """The delivery goes over a new one; who closes a new one unanswered has closed it."""
    _wire, said = played(always(OK, times=1), {}, {}, {})
    assert said == [200, 200, 200]
    assert played(always(b"", times=0), {})[1] == ["closed"]


def test_a_receiver_of_one_connection_at_a_time_is_waited_for():
    """A kept connection is let go of at once when nothing comes, so that the next may be served."""
    busy = asyncio.Lock()
    ended = []

    async def one_at_a_time(reader, writer):
        async with busy:
            await always(OK)(reader, writer)
            ended.append(writer)

    async def program():
        async with wire_to(one_at_a_time) as wire:
            both = await asyncio.gather(*(wire.exchange(POST, PATIENCE) for _ in range(2)))
            return [each.status for each in both], len(ended)

    statuses, served = asyncio.run(program())
    assert statuses == [200, 200]
    assert served >= 1


def test_an_exchange_is_shown_without_its_neighbours():
    """The journal of one exchange holds its own bytes, and the opening of its connection."""
    wire, _ = played(always(OK), {}, {}, {})
    events = wire.tape.journal([2]).events
    assert [type(event) for event in events] == [Opened, Sent, Sent]
    assert events[0].time < events[1].time
    first, second = (wire.tape.journal([number]).events for number in (1, 2))
    assert first[1].data == second[1].data
    assert first[1].time < second[1].time
