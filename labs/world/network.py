"""Machines by name, who listens where, every connection, and the log the journal is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from itertools import count
from typing import Any

from labs.errors import Escape
from labs.journal import Journal, Opened, Refused
from labs.world.faults import Faults
from labs.world.link import Link, Path
from labs.world.listener import Listener, StandInSocket
from labs.world.loop import WorldLoop
from labs.world.record import journal_of
from labs.world.sender import ACCEPT, Segment
from labs.world.transport import Endpoint

SYN_AGAIN = (0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0)  # Linux: tcp_syn_retries = 6
SYN_GIVE_UP = 127.0  # seconds until connect() fails with ETIMEDOUT (ip-sysctl, tcp_syn_retries)


class Network(Faults):
    """All that the loop and the endpoints need to know of each other."""

    def __init__(self, loop: WorldLoop, seed: int) -> None:
        super().__init__(loop)
        self.seed = seed
        loop.network = self
        self.paths: dict[tuple[str, str], Path] = {}
        self.listeners: dict[tuple[str, int], Listener] = {}
        self.attempts = 0
        self.refusing: set[str] = set()
        self.off: set[str] = set()
        self.stalled: set[str] = set()
        self.diagnoses: list[str] = []
        self._parked: dict[Any, Endpoint] = {}
        self._next_port: dict[str, int] = {}

    def path(self, sender: str, receiver: str) -> Path:
        """The way from one machine to another."""
        key = (sender, receiver)
        if key not in self.paths:
            self.know(sender)
            self.know(receiver)
            self.paths[key] = Path(sender, receiver)
        return self.paths[key]

    def stand_in(self, address: tuple[str, int], peer: tuple[str, int]) -> StandInSocket:
        """What stands for a socket object."""
        return StandInSocket(address, peer)

    def link(self, a: str, b: str) -> Link:
        """Both ways between two machines."""
        return Link(self.path(a, b), self.path(b, a))

    def journal(self) -> Journal:
        """Everything that crossed the wire until now."""
        return journal_of(self.log, self.hosts, self.loop.now, self.seed)

    # -- servers and connections -----------------------------------------------------------

    def listen(self, factory: Callable[[], Any], host: Any, port: int | None) -> Listener:
        """A server on the machine that `host` names."""
        names = [host] if host is None or isinstance(host, str) else list(host)
        name = self.name_of(names[0] or "")
        port = port or next(p for p in count(8000) if (name, p) not in self.listeners)
        if (name, port) in self.listeners:
            raise OSError(98, f"port {port} of {name} is taken: a server already listens there")
        self.introduce(name)
        return Listener(self, name, port, factory)

    async def connect(self, client: str, host: str, port: int) -> Endpoint:
        """Three-way handshake: one round trip for the client; SYNs are repeated as Linux does."""
        server, begun = self.name_of(host), self.loop.now
        self.attempts += 1
        near = Endpoint(self, self.attempts, 0, client, server, self.path(client, server))
        far = Endpoint(self, self.attempts, 1, server, client, self.path(server, client))
        near.face(far)
        far.face(near)
        try:
            for again in SYN_AGAIN:
                await self._until(begun + again)
                if await self._shake_hands(near, far, port, begun):
                    return near
            await self._until(begun + SYN_GIVE_UP)
            raise TimeoutError(110, f"connection to {server}:{port} timed out after 127 s")
        except (TimeoutError, asyncio.CancelledError):
            why = f"nobody answered for {self.loop.now - begun:g} s"
            self.log.append(Refused(begun, client, server, port, why))
            raise

    async def _shake_hands(self, near: Endpoint, far: Endpoint, port: int, begun: float) -> bool:
        """SYN there, SYN-ACK (or RST) back; False when one of them was lost."""
        client, server = near.here, far.here
        if not self._open(near.path):
            return False
        await self._until(self.loop.now + near._delay(0))
        if not self._open(near.path) or not self._open(far.path):
            return False
        listener, refusing = self.listeners.get((server, port)), server in self.refusing
        await self._until(self.loop.now + far._delay(0))
        if not self._open(far.path):
            return False
        if listener is None or refusing:
            why = "refuses connections" if refusing else "nobody listens"
            self.missed[server] = None
            self.log.append(Refused(begun, client, server, port, why))
            raise ConnectionRefusedError(111, f"Connect call failed ('{server}', {port})")
        self._establish(near, far, listener)
        self.log.append(Opened(begun, near.connection, client, server, port, self.loop.now))
        return True

    def _open(self, path: Path) -> bool:
        return not (path.cut or path.sender in self.off or path.receiver in self.off)

    def _establish(self, near: Endpoint, far: Endpoint, listener: Listener) -> None:
        """The client's side stands; its last ACK is on the way to the server."""
        client, server, port = near.here, far.here, listener.port
        self.connections.append((near, far))
        near.address = (self.address(client), self._port(client))
        far.address = (self.address(server), port)
        near.context = copy_context()
        far.context, far.listener = listener.context.copy(), listener
        near.last_arrival = round(self.loop.now + near.path.latency, 9)
        accept = Segment(self.loop.now, near, ACCEPT, 0, b"")
        self.loop.deliver(near.last_arrival, accept)

    def accept(self, endpoint: Endpoint) -> None:
        """The client's last step of the handshake arrived: the server's program is told."""
        listener = endpoint.listener
        endpoint.set_protocol(asyncio.Protocol())
        if not listener.serving or endpoint.dead:
            endpoint.refuse()
            return
        try:
            endpoint.set_protocol(endpoint.context.run(listener.factory))
            endpoint.context.run(endpoint.protocol.connection_made, endpoint)
        except Exception as error:
            says = "the server's protocol could not be made"
            self.loop.call_exception_handler({"message": says, "exception": error})
            endpoint.abort()

    def attach(self, endpoint: Endpoint, factory: Callable[[], Any]) -> Any:
        """Give the client's end its protocol."""
        endpoint.context = copy_context()
        protocol = factory()
        endpoint.set_protocol(protocol)
        protocol.connection_made(endpoint)
        endpoint.resume_reading()
        return protocol

    def park(self, sock: Any, endpoint: Endpoint) -> None:
        """Keep a connection for the socket object that stands for it."""
        endpoint.set_protocol(asyncio.Protocol())
        self._parked[sock] = endpoint

    def unpark(self, sock: Any) -> Endpoint:
        """The connection that a socket object stands for; the object is closed."""
        endpoint = self._parked.pop(sock, None)
        if endpoint is None:
            raise Escape("this socket was connected outside the world")
        sock.close()
        return endpoint

    def endpoints_of(self, host: str, port: int | None = None) -> list[Endpoint]:
        """The open ends on a machine, all or those accepted on a port."""
        ends = [end for pair in self.connections for end in pair]
        return [
            end
            for end in ends
            if end.here == host and not end.gone and end.protocol is not None
            if port is None or (end.side == 1 and end.address[1] == port)
        ]

    async def _until(self, when: float) -> None:
        if when > self.loop.now:
            future = self.loop.create_future()
            timer = self.loop.call_at(when, _wake, future)
            try:
                await future
            finally:
                timer.cancel()

    def _port(self, host: str) -> int:
        self._next_port[host] = self._next_port.get(host, 50_000) + 1
        return self._next_port[host]

    def diagnose(self, says: str) -> None:
        """Keep a sentence about what the program did wrong; each is kept once."""
        if says not in self.diagnoses:
            self.diagnoses.append(says)

    def forget_everything(self) -> None:
        """Empty what a frame that is kept for ever might otherwise keep with it."""
        for pair in self.connections:
            for end in pair:
                end.inbox.clear()
                end.waiting.clear()
                end.closing = True  # a stream that a traceback still holds has nothing to close
        for kept in (self.log, self.connections, self.listeners, self.loop.due):
            kept.clear()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
