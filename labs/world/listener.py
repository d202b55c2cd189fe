"""A server socket on one machine, and what stands for a socket object."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from labs.world.place import HERE, LIFE

if TYPE_CHECKING:
    from labs.world.network import Network


class StandInSocket:
    """What libraries ask of a socket object: its addresses. It has no file descriptor."""

    family, type, proto = socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP

    def __init__(self, address: tuple[str, int], peer: tuple[str, int] | None = None) -> None:
        self._address, self._peer = address, peer

    def getsockname(self) -> tuple[str, int]:
        """The address of this side."""
        return self._address

    def getpeername(self) -> tuple[str, int] | None:
        """The address of the other side."""
        return self._peer

    def setsockopt(self, *_: Any) -> None:
        """Options change nothing here."""

    def getsockopt(self, *_: Any) -> int:
        """Every option reads 0."""
        return 0

    def fileno(self) -> int:
        """There is no descriptor."""
        return -1


class Listener(asyncio.AbstractServer):
    """A server socket on one machine."""

    def __init__(self, network: Network, host: str, port: int, factory: Callable[[], Any]) -> None:
        self.network, self.host, self.port, self.factory = network, host, port, factory
        self.context = copy_context()
        self.owner = getattr(asyncio.current_task(), "life", None)
        self.serving = True
        self.listen_in(network.life_of(host))
        self._closed = network.loop.create_future()

    @property
    def sockets(self) -> tuple[StandInSocket, ...]:
        """One stand-in, which knows the address and port."""
        address = (self.network.address(self.host), self.port)
        return (StandInSocket(address),) if self.serving else ()

    def listen_in(self, life: object) -> None:
        """Accept connections as the process `life` of this machine."""
        self.context.run(HERE.set, self.host)
        self.context.run(LIFE.set, life)
        self.network.listeners[self.host, self.port] = self

    def close(self) -> None:
        """Stop listening; connections that are open stay open."""
        self.serving = False
        if self.network.listeners.get((self.host, self.port)) is self:
            del self.network.listeners[self.host, self.port]
        if not self._closed.done():
            self._closed.set_result(None)

    def close_clients(self) -> None:
        """Close each connection that this server accepted."""
        for endpoint in self.network.endpoints_of(self.host, self.port):
            endpoint.close()

    def abort_clients(self) -> None:
        """Abort each connection that this server accepted."""
        for endpoint in self.network.endpoints_of(self.host, self.port):
            endpoint.abort()

    def is_serving(self) -> bool:
        """Whether connections are accepted."""
        return self.serving

    async def start_serving(self) -> None:
        """It serves from the start."""

    async def serve_forever(self) -> None:
        """Wait until the server is closed; to cancel this closes it."""
        try:
            await asyncio.shield(self._closed)
        finally:
            self.close()

    async def wait_closed(self) -> None:
        """Wait until close() was called."""
        await asyncio.shield(self._closed)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The loop of the world."""
        return self.network.loop
