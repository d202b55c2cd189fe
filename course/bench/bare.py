"""The ceiling: a virtual loop whose transports only hand bytes over.

No journal, no window, no latency, no faults: what remains is asyncio and the two libraries.
Nothing but the benchmark uses it.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from typing import Any

from labs.world.listener import StandInSocket
from labs.world.loop import WorldLoop

PORT = 8000


class Handover(asyncio.Transport):
    """Gives what is written to the other end at the next step."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop, self.closing = loop, False
        self.protocol: Any
        self.peer: Handover

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """The other protocol gets it."""
        self.loop.call_soon(self.peer.protocol.data_received, data)

    def is_closing(self) -> bool:
        """Whether close() was called."""
        return self.closing

    def close(self) -> None:
        """Both ends are told."""
        for end in (self, self.peer):
            if not end.closing:
                end.closing = True
                self.loop.call_soon(end.protocol.connection_lost, None)

    abort = close

    def write_eof(self) -> None:
        """There is no half-close here."""
        self.close()

    def pause_reading(self) -> None:
        """There is no flow control here."""

    resume_reading = pause_reading

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There is no buffer either."""

    def get_write_buffer_size(self) -> int:
        """There is no buffer."""
        return 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Some address."""
        return ("127.0.0.1", PORT) if name in ("sockname", "peername") else default

    def set_protocol(self, protocol: Any) -> None:
        """Another protocol takes over."""
        self.protocol = protocol

    def get_protocol(self) -> Any:
        """Who is told."""
        return self.protocol


class Server(asyncio.AbstractServer):
    """Something that can be closed."""

    sockets = (StandInSocket(("127.0.0.1", PORT)),)

    def close(self) -> None:
        """Nothing."""

    async def wait_closed(self) -> None:
        """Nothing."""

    async def start_serving(self) -> None:
        """Nothing."""

    async def serve_forever(self) -> None:
        """Nothing."""

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The loop that runs."""
        return asyncio.get_running_loop()

    def is_serving(self) -> bool:
        """Always."""
        return True


class BareLoop(WorldLoop):
    """Steps and timers of the world's loop; connections are pairs of Handovers."""

    def __init__(self) -> None:
        super().__init__(max_time=float("inf"))
        self.factory: Callable[[], Any]

    def _run_once(self) -> None:
        ready = self._ready
        if not ready:
            while self.due[0][4]._cancelled:  # noqa: SLF001 - it is the same loop
                heapq.heappop(self.due)
            self.now, *_, timer = heapq.heappop(self.due)
            ready.append(timer)
        while ready and not self._stopping:
            step = ready.popleft()
            if not step._cancelled:  # noqa: SLF001
                step._context.run(step._callback, *step._args)  # noqa: SLF001

    async def create_server(self, protocol_factory: Callable[[], Any], *_: Any, **__: Any) -> Any:
        """The one server."""
        self.factory = protocol_factory
        return Server()

    async def sock_connect(self, sock: Any, address: Any) -> None:
        """Nothing is connected yet."""

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """Some address."""
        return [(2, 1, 6, "", ("127.0.0.1", PORT))]

    async def create_connection(
        self, protocol_factory: Callable[[], Any], *_: Any, sock: Any = None, **__: Any
    ) -> tuple[Any, Any]:
        """Two ends that know each other."""
        if sock is not None:
            sock.close()
        near, far = Handover(self), Handover(self)
        near.peer, far.peer = far, near
        near.protocol, far.protocol = protocol_factory(), self.factory()
        far.protocol.connection_made(far)
        near.protocol.connection_made(near)
        return near, near.protocol


def run_bare(program: Coroutine[Any, Any, float]) -> float:
    """What the program returns, run over transports that only hand bytes over."""
    loop = BareLoop()
    try:
        return float(loop.run_until_complete(program))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
