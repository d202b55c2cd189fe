"""Machines by name, who listens where, every connection, and the log the journal is made of."""

from __future__ import annotations

import asyncio
import heapq
import socket
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from itertools import count
from typing import Any

from labs.errors import Escape
from labs.journal import Ended, Event, Fault, Journal, Left, Note, Opened, Refused, Sent
from labs.world.link import Link, Path
from labs.world.loop import WorldLoop, WorldTask
from labs.world.place import HERE, LIFE
from labs.world.transport import ACCEPT, DATA, RST, Endpoint, Segment
from labs.world.where import waiting_at, where

SYN_AGAIN = (0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0)  # Linux: tcp_syn_retries = 6
SYN_GIVE_UP = 127.0  # seconds until connect() fails with ETIMEDOUT (ip-sysctl, tcp_syn_retries)
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""}


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


class Network:
    """All that the loop and the endpoints need to know of each other."""

    def __init__(self, loop: WorldLoop, seed: int) -> None:
        self.loop, self.seed = loop, seed
        loop.network = self
        self.hosts: list[str] = []
        self.lives: dict[str, object] = {}
        self.paths: dict[tuple[str, str], Path] = {}
        self.listeners: dict[tuple[str, int], Listener] = {}
        self.attempts = 0
        self.connections: list[tuple[Endpoint, Endpoint]] = []
        self.log: list[Segment | Event] = []
        self.faults: dict[tuple[str, object], Fault] = {}
        self.refusing: set[str] = set()
        self.off: set[str] = set()
        self.stalled: set[str] = set()
        self.diagnoses: list[str] = []
        self.held_acks: list[tuple[Endpoint, int]] = []
        self._parked: dict[Any, Endpoint] = {}
        self._next_port: dict[str, int] = {}

    # -- names -----------------------------------------------------------------------------

    def know(self, host: str) -> None:
        """A machine exists from the first time that its name is used."""
        if host not in self.lives:
            self.hosts.append(host)
            self.lives[host] = object()

    def life_of(self, host: str) -> object:
        """The process that runs on a machine now."""
        self.know(host)
        return self.lives[host]

    def address(self, host: str) -> str:
        """The machine's address, by order of appearance."""
        self.know(host)
        return f"10.0.0.{self.hosts.index(host) + 1}"

    def name_of(self, address: str) -> str:
        """The machine that a name or an address means, seen from where the caller runs."""
        if address in LOCAL_NAMES:
            return HERE.get()
        for host in self.hosts:
            if address == self.address(host):
                return host
        if "." in address or ":" in address:
            raise Escape(f"{address} is outside this world: machines here have one-word names")
        self.know(address)
        return address

    def resolve(self, host: Any, port: Any) -> list[Any]:
        """What getaddrinfo() answers."""
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        sockaddr = (self.address(self.name_of(name)), int(port or 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", sockaddr)]

    def stand_in(self, address: tuple[str, int], peer: tuple[str, int]) -> StandInSocket:
        """What stands for a socket object."""
        return StandInSocket(address, peer)

    def path(self, sender: str, receiver: str) -> Path:
        """The way from one machine to another."""
        key = (sender, receiver)
        if key not in self.paths:
            self.know(sender)
            self.know(receiver)
            self.paths[key] = Path(sender, receiver)
        return self.paths[key]

    def link(self, a: str, b: str) -> Link:
        """Both ways between two machines."""
        return Link(self.path(a, b), self.path(b, a))

    def is_off(self, host: str) -> bool:
        """Whether the machine has no power."""
        return host in self.off

    def is_stalled(self, host: str) -> bool:
        """Whether programs on the machine have stopped reading."""
        return host in self.stalled

    # -- servers and connections -----------------------------------------------------------

    def listen(self, factory: Callable[[], Any], host: Any, port: int | None) -> Listener:
        """A server on the machine that `host` names."""
        names = [host] if host is None or isinstance(host, str) else list(host)
        name = self.name_of(names[0] or "")
        port = port or next(p for p in count(8000) if (name, p) not in self.listeners)
        if (name, port) in self.listeners:
            raise OSError(98, f"port {port} of {name} is taken: a server already listens there")
        return Listener(self, name, port, factory)

    async def connect(self, client: str, host: str, port: int) -> Endpoint:
        """Three-way handshake: one round trip for the client; SYNs are repeated as Linux does."""
        server, begun = self.name_of(host), self.loop.now
        self.attempts += 1
        near = Endpoint(self, self.attempts, 0, client, server, self.path(client, server))
        far = Endpoint(self, self.attempts, 1, server, client, self.path(server, client))
        near.peer, far.peer = far, near
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
        near.last_arrival = self.loop.now + near.path.latency
        accept = Segment(self.loop.now, near, ACCEPT, 0)
        self.loop.deliver(near.last_arrival, far, accept)

    def accept(self, endpoint: Endpoint) -> None:
        """The client's last step of the handshake arrived: the server's program is told."""
        listener = endpoint.listener
        endpoint.protocol = asyncio.Protocol()
        if not listener.serving or endpoint.dead:
            endpoint.refuse()
            return
        try:
            endpoint.protocol = endpoint.context.run(listener.factory)
            endpoint.context.run(endpoint.protocol.connection_made, endpoint)
        except Exception as error:
            says = "the server's protocol could not be made"
            self.loop.call_exception_handler({"message": says, "exception": error})
            endpoint.abort()

    def attach(self, endpoint: Endpoint, factory: Callable[[], Any]) -> Any:
        """Give the client's end its protocol."""
        endpoint.context = copy_context()
        protocol = endpoint.protocol = factory()
        protocol.connection_made(endpoint)
        endpoint.resume_reading()
        return protocol

    def park(self, sock: Any, endpoint: Endpoint) -> None:
        """Keep a connection for the socket object that stands for it."""
        endpoint.protocol = asyncio.Protocol()
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

    # -- what a cut does to what is not data -----------------------------------------------

    def swallow(self, endpoint: Endpoint) -> None:
        """An RST that left into a cut; it is in the journal and nowhere else."""
        segment = Segment(self.loop.now, endpoint, RST, 0)
        segment.lost = "cut"
        self.log.append(segment)

    def left(self, endpoint: Endpoint) -> None:
        """A program lets go of its end: what it learns from now on, it learns elsewhere."""
        now, here, there = self.loop.now, endpoint.here, endpoint.there
        self.log.append(Left(now, endpoint.connection, here, there))

    def hold_ack(self, sender: Endpoint, size: int) -> None:
        """An acknowledgement that cannot leave before the heal."""
        self.held_acks.append((sender, size))

    def release(self, path: Path) -> None:
        """The cut healed: what was held goes on, in order, one latency later."""
        when = round(self.loop.now + path.latency, 9)
        for endpoint, segment in path.held:
            endpoint.peer.last_arrival = max(when, endpoint.peer.last_arrival)
            endpoint.not_before = when
            self.loop.deliver(when, endpoint, segment)
        path.held.clear()
        waiting = [item for item in self.held_acks if item[0].peer.path is path]
        for sender, size in waiting:
            self.held_acks.remove((sender, size))
            sender.acks.append((when, size))
            self.loop.call_at(when, sender.admitted, context=sender.context)

    def begin_fault(
        self, family: str, hosts: tuple[str, ...], name: str, says: str, *keys: object
    ) -> None:
        """A fault that lasts until each of its keys has ended; the latest one wins a key."""
        fault = Fault(self.loop.now, name, hosts, None, says)
        self.log.append(fault)
        for key in keys:
            self.faults[family, key] = fault

    def end_fault(self, family: str, key: object) -> None:
        """The fault under this key is over; its band ends here."""
        if family == "down":
            self._answer_for_the_dead(key)
        fault = self.faults.pop((family, key), None)
        if fault is not None and fault not in self.faults.values():
            self.log[self.log.index(fault)] = replace(fault, until=self.loop.now)

    def _answer_for_the_dead(self, host: object) -> None:
        """What was sent to a machine without power is repeated now; it knows no such connection."""
        for far in [end for pair in self.connections for end in pair]:
            if far.here == host and far.unanswered:
                far.unanswered = False
                far.answer_with_rst()

    def lose_in_flight(self, near: Endpoint, far: Endpoint, why: str) -> None:
        """What is under way between two ends will not arrive."""
        ends = (near, far)
        for *_, segment in self.loop.deliveries:
            if segment.source in ends:
                segment.lost = why
        self.loop.deliveries[:] = [item for item in self.loop.deliveries if not item[5].lost]
        heapq.heapify(self.loop.deliveries)
        for path in (near.path, far.path):
            for _, segment in path.held:
                if segment.source in ends:
                    segment.lost = why
            path.held = [item for item in path.held if not item[1].lost]

    def diagnose(self, says: str) -> None:
        """Keep a sentence about what the program did wrong; each is kept once."""
        if says not in self.diagnoses:
            self.diagnoses.append(says)

    # -- sentences -------------------------------------------------------------------------

    def says_deadlock(self) -> str:
        """Who waits where, when nothing can ever happen again."""
        lines = [f"{task.get_name()} waits at {waiting_at(task)}" for task in self.waiting_tasks()]
        waits = "; ".join(lines[:5]) or "nobody waits for anything"
        return f"nothing more can happen in this world at {self.loop.now:.3f} s: {waits}"

    def says_out_of_time(self, limit: float) -> str:
        """Who still waits at the last permitted second."""
        main = next((t for t in self.waiting_tasks() if t.get_name() == "main"), None)
        at = f": main still waits at {waiting_at(main)}" if main else ""
        return f"the run was given {limit:g} s and they are over{at}"

    def says_spinning(self, step: Any) -> str:
        """Who runs without ever waiting for time to pass."""
        task = getattr(step._callback, "__self__", None)
        at = waiting_at(task) if isinstance(task, WorldTask) else "a callback"
        return f"a program spins at {self.loop.now:.3f} s without letting time pass: {at}"

    def waiting_tasks(self) -> list[WorldTask]:
        """Tasks of live processes that are not done, the main program first."""
        alive = [t for t in self.loop.tasks if not t.done() and t.life not in self.loop.dead_lives]
        return sorted(alive, key=lambda task: (task.get_name() != "main", task.number))

    def forget_everything(self) -> None:
        """Empty what a frame that is kept for ever might otherwise keep with it."""
        for pair in self.connections:
            for end in pair:
                end.inbox.clear()
                end.waiting.clear()
        for kept in (self.log, self.connections, self.listeners, self.loop.timers):
            kept.clear()
        self.loop.deliveries.clear()

    def forget_finished_tasks(self) -> None:
        """Let go of tasks that are done; report those that failed and were never awaited."""
        for task in [task for task in self.loop.tasks if task.done()]:
            del self.loop.tasks[task]
            if not task.cancelled() and getattr(task, "_log_traceback", False):
                error = task.exception()  # reading it keeps asyncio from printing it
                if isinstance(error, Exception) and task.life not in self.loop.dead_lives:
                    says = f"a task ended with {type(error).__name__} at {where(error)}"
                    self.diagnose(f"{says}, and nobody awaited it")

    # -- the journal -----------------------------------------------------------------------

    def journal(self, mode: str = "virtual") -> Journal:
        """Everything that crossed the wire until now, in an order no scheduling can change."""
        entries = [_entry(item) for item in self.log]
        entries.sort(key=lambda entry: entry[0])
        events = tuple(event for _, event in entries)
        seen = {name for event in events for name in _names(event)}
        hosts = tuple(host for host in self.hosts if host in seen)
        return Journal(events, hosts, round(self.loop.now, 9), self.seed, mode)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _names(event: Event) -> tuple[str, ...]:
    if isinstance(event, Fault):
        return event.hosts
    if isinstance(event, Note):
        return (event.host,)
    if isinstance(event, Opened | Refused):
        return (event.client, event.server)
    return (event.sender, event.receiver)


def _entry(item: Segment | Event) -> tuple[tuple[float, int, int, int, int], Event]:
    if not isinstance(item, Segment):
        order = {Fault: -1, Opened: 0, Refused: 0, Note: 9}.get(type(item), 5)
        connection = getattr(item, "connection", 0)
        return (round(item.time, 9), order, connection, 0, 0), item
    end, time = item.source, round(item.time, 9)
    arrived = None if item.arrived is None else round(item.arrived, 9)
    key = (time, 1, end.connection, end.side, item.n)
    if item.kind == DATA:
        lost = item.lost or ("" if arrived is not None else "run ended")
        return key, Sent(time, end.connection, end.here, end.there, item.data(), arrived, lost)
    return key, Ended(time, end.connection, end.here, end.there, item.kind, arrived)
