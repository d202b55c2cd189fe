"""A small relay, as load balancers and reverse proxies are one: bytes in here, bytes out there.

It shows what a box in the middle does to a connection: it closes lines that are silent for too
long, one that thinks in HTTP/1.0 strips the header fields of an upgrade, and a careless one
believes that one read holds one answer.
"""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter, Timeout
from collections.abc import Callable

Address = tuple[str, int]

BLANK_LINE = b"\r\n\r\n"

# RFC 9110, 7.6.1: fields for one connection only, which an intermediary has to remove.
HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"upgrade"}


async def relay(
    listen: Address = ("proxy", 8080),
    target: Address = ("auction", 8765),
    idle_timeout: float | None = None,
    rewrite: Callable[[bytes], bytes] | None = None,
    harm: Callable[[bytes, bytes], bytes] | None = None,
) -> None:
    """Forward every connection to `target`, both ways, until cancelled.

    A line on which nothing moves for `idle_timeout` seconds is closed; `rewrite` is given the
    head of a connection's first HTTP request and returns the one to forward. `harm` is given
    what the first read from `target` held, as far as the blank line and behind it, and returns
    what to forward instead.
    """

    async def on_connect(from_client: StreamReader, to_client: StreamWriter) -> None:
        try:
            await forward(from_client, to_client, target, idle_timeout, rewrite, harm)
        except* (OSError, EOFError, asyncio.CancelledError):
            pass  # silent for too long, refused, reset, gone before it asked, or we are ended
        finally:
            to_client.close()

    server = await asyncio.start_server(on_connect, *listen)
    async with server:
        await server.serve_forever()


async def forward(
    from_client: StreamReader,
    to_client: StreamWriter,
    target: Address,
    idle_timeout: float | None,
    rewrite: Callable[[bytes], bytes] | None,
    harm: Callable[[bytes, bytes], bytes] | None,
) -> None:
    """Carry one connection until both sides have ended, or nothing has moved for too long."""
    from_target, to_target = await asyncio.open_connection(*target)
    try:
        async with asyncio.timeout(idle_timeout) as silence, asyncio.TaskGroup() as ways:
            if rewrite is not None:
                to_target.write(rewrite(await from_client.readuntil(BLANK_LINE)))
            ways.create_task(carry(from_client, to_target, silence, idle_timeout))
            if harm is not None and (received := await from_target.read(65_536)):
                head, blank, behind = received.partition(BLANK_LINE)
                to_client.write(harm(head + blank, behind))
            ways.create_task(carry(from_target, to_client, silence, idle_timeout))
    finally:
        to_target.close()


async def carry(
    source: StreamReader, sink: StreamWriter, silence: Timeout, idle_timeout: float | None
) -> None:
    """One direction: whatever comes in goes out, and puts off the end of the line."""
    while received := await source.read(65_536):
        sink.write(received)
        await sink.drain()
        if idle_timeout is not None:
            silence.reschedule(asyncio.get_running_loop().time() + idle_timeout)
    sink.write_eof()


def drop_hop_by_hop(head: bytes) -> bytes:
    """The request head without Connection, Upgrade and their like, as HTTP/1.0 leaves it."""
    request_line, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [field for field in fields if field.split(b":")[0].strip().lower() not in HOP_BY_HOP]
    return b"\r\n".join([request_line, *kept, b"", b""])
