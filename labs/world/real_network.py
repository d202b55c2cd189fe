"""What the machines of a real-time run know of each other: names, servers, connections, faults.

The twin of network.py: the same names and the same sentences, but the bytes go over sockets of
this computer, through the proxy, which also writes the journal.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import socket
from dataclasses import dataclass
from typing import Any

from labs.journal import Event, Fault, Journal, Left, Opened, Refused
from labs.world.link import WINDOW, Link, Path
from labs.world.names import LOCAL_NAMES, Names
from labs.world.network import SYN_AGAIN, SYN_GIVE_UP
from labs.world.place import HERE
from labs.world.proxy import Proxy
from labs.world.real_loop import RealLoop
from labs.world.record import machines_in
from labs.world.tape import Tape
from labs.world.weather import Dial, Weather

LOCAL_ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class RealListener:
    """A server on one machine, and the real port at which it is reached."""

    host: str
    port: int
    server: asyncio.Server
    owner: object

    def close(self) -> None:
        """Stop listening; connections that are open stay open."""
        self.server.close()


class RealNetwork(Names):
    """All that the loop, the proxy and the world need to know of each other."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.tape = self.log = Tape()
        self.weather = Weather()
        self.refusing: set[str] = set()
        self.off, self.stalled = self.weather.off, self.weather.stalled
        self.servers: dict[tuple[str, int], RealListener] = {}
        self.faults: dict[object, int] = {}
        self.diagnoses: list[str] = []
        self._numbers = itertools.count(1)
        self.loop = RealLoop(self)
        self.proxy = Proxy(self.weather, self.tape, seed)

    # -- names -----------------------------------------------------------------------------

    def address_of(self, name: str) -> str:
        """The address of the machine that a name means; this computer's own stays as it is."""
        return LOCAL_ADDRESS if name in LOCAL_NAMES else super().address_of(name)

    def machine_at(self, address: str, port: int) -> str | None:
        """The machine at an address; None for a port of this computer that no machine uses."""
        if address.startswith("10.0.0."):
            return self.hosts[int(address.rpartition(".")[2]) - 1]
        here = HERE.get()
        return here if (here, port) in self.listeners else None

    def path(self, sender: str, receiver: str) -> Path:
        """The way from one machine to another."""
        self.know(sender)
        self.know(receiver)
        return self.weather.path(sender, receiver)

    def link(self, a: str, b: str) -> Link:
        """Both ways between two machines."""
        return Link(self.path(a, b), self.path(b, a))

    # -- servers and connections -----------------------------------------------------------

    @property
    def listeners(self) -> dict[tuple[str, int], RealListener]:
        """The servers that listen now."""
        self.servers = {k: v for k, v in self.servers.items() if v.server.is_serving()}
        return self.servers

    def listen(self, host: Any, port: int | None) -> str:
        """The machine that may listen at this port."""
        names = [host] if host is None or isinstance(host, str) else list(host)
        name = self.name_of(names[0] or "")
        self.introduce(name)
        if (name, port) in self.listeners:
            says = f"port {port} of {name} is taken: a server already listens there"
            raise OSError(errno.EADDRINUSE, says)
        return name

    def listens(self, host: str, port: int | None, server: asyncio.Server) -> None:
        """A server has begun to listen; without a port of its own it is known by the real one."""
        owner = getattr(asyncio.current_task(), "life", None)
        known = port or server.sockets[0].getsockname()[1]
        self.servers[host, known] = RealListener(host, known, server, owner)

    async def dial(self, sock: socket.socket, server: str, port: int) -> None:
        """Three-way handshake: one round trip for the client; SYNs are repeated as Linux does."""
        client, begun = HERE.get(), self.tape.now()
        there, back = self.path(client, server), self.path(server, client)
        try:
            for again in SYN_AGAIN:
                await self._until(begun + again)
                if not (there.cut or back.cut or server in self.off):
                    await self._until(self.tape.now() + there.latency + back.latency)
                    await self._shake_hands(sock, begun, client, server, port)
                    return
            await self._until(begun + SYN_GIVE_UP)
            raise TimeoutError(110, f"connection to {server}:{port} timed out after 127 s")
        except (TimeoutError, asyncio.CancelledError):
            why = f"nobody answered for {self.tape.now() - begun:.1f} s"
            self._not_made(begun, client, server, port, why)
            raise

    async def _shake_hands(
        self, sock: socket.socket, begun: float, client: str, server: str, port: int
    ) -> None:
        listener = self.listeners.get((server, port))
        if listener is None or server in self.refusing:
            self.missed[server] = None
            why = "refuses connections" if server in self.refusing else "nobody listens"
            self._not_made(begun, client, server, port, why)
            raise ConnectionRefusedError(111, f"Connect call failed ('{server}', {port})")
        number = next(self._numbers)
        # The proxy knows whose connection it is by the address from which it comes.
        sock.bind((LOCAL_ADDRESS, 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WINDOW)
        real_port = listener.server.sockets[0].getsockname()[1]
        self.proxy.expected[sock.getsockname()] = Dial(number, client, server, real_port)
        self.proxy.ends[sock.getsockname()] = (number, client, server)
        opened = Opened(begun, number, client, server, port, self.tape.now())
        await asyncio.SelectorEventLoop.sock_connect(self.loop, sock, self.proxy.address)
        self.tape.add(opened)

    def left(self, transport: asyncio.BaseTransport) -> None:
        """A program has closed its end; the wire does not show whether it still listens."""
        for name in ("sockname", "peername"):
            end = self.proxy.ends.get(transport.get_extra_info(name))
            if end is not None:
                self.tape.add(Left(self.tape.now(), *end))
                return

    def _not_made(self, begun: float, client: str, server: str, port: int, why: str) -> None:
        self.tape.add(Refused(begun, client, server, port, why))

    async def _until(self, when: float) -> None:
        seconds = when - self.tape.now()
        if seconds > 0:
            await asyncio.sleep(seconds)

    # -- faults ----------------------------------------------------------------------------

    def begin_fault(
        self, family: str, hosts: tuple[str, ...], name: str, says: str, *keys: object
    ) -> None:
        """A fault that lasts until each of its keys has ended; the latest one wins a key."""
        number = self.tape.add(Fault(self.tape.now(), name, hosts, None, says))
        for key in keys:
            self._end(family, key)
            self.faults[family, key] = number
        self.proxy.weather_changed()

    def end_fault(self, family: str, key: object) -> None:
        """The fault under this key is over; its band ends here."""
        self._end(family, key)
        self.proxy.weather_changed()

    def _end(self, family: str, key: object) -> None:
        number = self.faults.pop((family, key), None)
        if number is not None and number not in self.faults.values():
            self.tape.change(number, until=self.tape.now())

    def release(self, path: Path) -> None:
        """The proxy looks itself whether a path is open."""

    def diagnose(self, says: str) -> None:
        """Keep a sentence about what the program did wrong; each is kept once."""
        if says not in self.diagnoses:
            self.diagnoses.append(says)

    # -- the journal -----------------------------------------------------------------------

    def journal(self, mode: str = "real") -> Journal:
        """Everything that crossed the wire until the run ended, in order of time."""
        events: tuple[Event, ...] = self.tape.events()
        seen = {name for event in events for name in machines_in(event)}
        hosts = tuple(host for host in self.hosts if host in seen)
        return Journal(events, hosts, self.tape.now(), self.seed, mode)
