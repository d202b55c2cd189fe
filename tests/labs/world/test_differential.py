"""The virtual transport against asyncio's own, over loopback sockets: the same callbacks.

Each case is a short script for two ends; both loops run it, and what the two protocols were told
is compared. DIFFERENT lists where the two may differ, and why.
"""

import asyncio
import socket
from dataclasses import dataclass, field

import pytest

from labs import run


@dataclass(eq=False)
class End(asyncio.Protocol):
    """A protocol that remembers what it was told; neighbouring data is one entry."""

    told: list = field(default_factory=list)
    keep_open: bool = False  # what eof_received() answers
    pause_at_once: bool = False
    reply: bytes = b""

    def connection_made(self, transport):
        self.transport = transport
        self.told.append("made")
        if self.pause_at_once:
            transport.pause_reading()

    def data_received(self, data):
        if self.told[-1][0] == "data":
            self.told[-1] = ("data", self.told[-1][1] + len(data))
        else:
            self.told.append(("data", len(data)))
        if self.reply:
            self.transport.write(self.reply)

    def eof_received(self):
        self.told.append("eof")
        return self.keep_open

    def pause_writing(self):
        self.told.append("pause")

    def resume_writing(self):
        self.told.append("resume")

    def connection_lost(self, error):
        self.told.append(("lost", type(error).__name__))

    def heard(self, *what):
        return all(item in self.told for item in what)


async def until(condition):
    """Wait for it; an end that never comes is a failure, not a hang."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


LOST, BROKEN = ("lost", "NoneType"), ("lost", "ConnectionResetError")
BIG = 8_000_000  # more than any kernel's buffers take


def lost(*ends):
    return lambda: all(end.told[-1][0] == "lost" for end in ends)


async def client_closes(client, server):
    client.transport.write(b"hello")
    client.transport.close()
    await until(lost(client, server))


async def server_closes(client, server):
    server.transport.write(b"bye")
    server.transport.close()
    await until(lost(client, server))


async def both_close(client, server):
    client.transport.close()
    server.transport.close()
    await until(lost(client, server))


async def a_conversation(client, server):
    server.reply = b"ok"
    client.transport.write(b"one")
    await until(lambda: client.heard(("data", 2)))
    client.transport.writelines([b"tw", b"o"])
    await until(lambda: client.heard(("data", 4)))
    client.transport.close()
    await until(lost(client, server))


async def half_close(client, server):
    server.keep_open = True
    client.transport.write(b"question")
    client.transport.write_eof()
    await until(lambda: server.heard("eof"))
    server.transport.write(b"long answer")
    await until(lambda: client.heard(("data", 11)))
    server.transport.close()
    await until(lost(client, server))


async def half_close_that_is_not_wanted(client, server):
    client.transport.write(b"question")
    client.transport.write_eof()
    await until(lost(client, server))


async def write_after_eof(client, server):
    client.transport.write_eof()
    with pytest.raises(RuntimeError, match="write_eof"):
        client.transport.write(b"too late")
    await until(lost(client, server))


async def write_after_close(client, server):
    client.transport.close()
    client.transport.write(b"nobody hears")
    client.transport.close()
    await until(lost(client, server))


async def abort(client, server):
    client.transport.abort()
    client.transport.abort()
    await until(lost(client, server))


async def abort_with_bytes_unread(client, server):
    client.transport.pause_reading()
    server.transport.write(b"unread")
    await asyncio.sleep(0.2)
    client.transport.abort()
    await until(lost(client, server))


async def close_flushes(client, server):
    client.transport.write(bytes(BIG))
    client.transport.close()
    await until(lost(client, server))
    assert ("data", BIG) in server.told


async def closed_while_paused(client, server):
    server.transport.pause_reading()
    client.transport.write(b"last words")
    client.transport.close()
    await until(lost(client))
    assert not server.heard(LOST)
    server.transport.resume_reading()
    await until(lost(server))


async def pause_and_resume_reading(client, server):
    server.transport.pause_reading()
    assert not server.transport.is_reading()
    client.transport.write(bytes(BIG))
    await until(lambda: client.heard("pause"))
    server.transport.resume_reading()
    assert server.transport.is_reading()
    await until(lambda: client.heard("resume") and server.heard(("data", BIG)))
    client.transport.close()
    await until(lost(client, server))


async def tight_limits(client, server):
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=0)
    client.transport.write(bytes(BIG))
    assert client.told[-1] == "pause"
    assert client.transport.get_write_buffer_limits() == (0, 0)
    server.transport.resume_reading()
    await until(lambda: client.heard("resume") and server.heard(("data", BIG)))
    client.transport.close()
    await until(lost(client, server))


async def write_to_one_who_left(client, server):
    server.transport.close()
    client.keep_open = True
    await until(lambda: client.heard("eof"))
    client.transport.write(b"first: RST comes back")
    await asyncio.sleep(0.2)
    client.transport.write(b"second: the kernel says so")
    await until(lost(client, server))


async def reset_by_unread_bytes(client, server):
    server.transport.pause_reading()
    client.transport.write(b"never read")
    await asyncio.sleep(0.2)
    server.transport.close()
    await until(lost(client, server))


async def abort_with_a_full_buffer(client, server):
    server.transport.pause_reading()
    client.transport.write(bytes(BIG))
    await until(lambda: client.heard("pause"))
    client.transport.abort()
    await until(lost(client))
    server.transport.resume_reading()
    await until(lost(server))
    server.told = [item for item in server.told if item[0] != "data"]  # as much as was in flight


async def another_protocol(client, server):
    second = End()
    second.told.append("taken over")
    server.transport.set_protocol(second)
    client.transport.write(b"for the second")
    client.transport.close()
    await until(lambda: second.told[-1] == LOST)
    server.told += second.told


async def close_in_eof_received(client, server):
    server.eof_received = lambda: (server.told.append("eof"), server.transport.close())[1]
    client.transport.write_eof()
    await until(lost(client, server))


async def wrong_type(client, server):
    with pytest.raises(TypeError):
        client.transport.write("text")
    client.transport.write(bytearray(b"a"))
    client.transport.write(memoryview(b"b"))
    client.transport.write(b"")
    await until(lambda: server.heard(("data", 2)))
    client.transport.close()
    await until(lost(client, server))


async def an_error_in_data_received(client, server):
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    server.data_received = lambda data: 1 / 0
    client.transport.write(b"x")
    await until(lost(client, server))


CASES = [
    client_closes,
    server_closes,
    both_close,
    a_conversation,
    half_close,
    half_close_that_is_not_wanted,
    write_after_eof,
    write_after_close,
    abort,
    abort_with_bytes_unread,
    close_flushes,
    closed_while_paused,
    pause_and_resume_reading,
    tight_limits,
    write_to_one_who_left,
    reset_by_unread_bytes,
    abort_with_a_full_buffer,
    another_protocol,
    close_in_eof_received,
    wrong_type,
    an_error_in_data_received,
]

DIFFERENT: dict[str, str] = {}


async def play(case, host):
    ends = asyncio.Queue()

    def accept():
        ends.put_nowait(End())
        return ends._queue[-1]

    loop = asyncio.get_running_loop()
    server = await loop.create_server(accept, host, 0)
    port = server.sockets[0].getsockname()[1]
    _, near = await loop.create_connection(End, host, port)
    far = await ends.get()
    await until(lambda: far.told)
    await case(near, far)
    server.close()
    return near.told, far.told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_same_callbacks(case):
    """Both protocols of a connection are told the same, in the same order, as over real sockets."""

    async def main(world):
        return await play(case, "auction")

    virtual = run(main).result
    real = asyncio.run(play(case, "127.0.0.1"))
    if case.__name__ in DIFFERENT:
        assert virtual != real, f"{case.__name__} no longer differs"
    else:
        assert virtual == real


def test_extra_info():
    """sockname, peername and the socket's stand-in answer what libraries ask them."""

    async def main(world):
        async with await asyncio.start_server(lambda r, w: None, "auction", 7):
            transport, _ = await asyncio.get_running_loop().create_connection(End, "auction", 7)
            stands = transport.get_extra_info("socket")
            stands.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return (
                transport.get_extra_info("sockname"),
                transport.get_extra_info("peername"),
                (stands.getsockname(), stands.getpeername(), stands.family),
                transport.get_extra_info("sslcontext", "none"),
            )

    near, far = ("10.0.0.1", 50_001), ("10.0.0.2", 7)
    assert run(main).result == (near, far, (near, far, socket.AF_INET), "none")
