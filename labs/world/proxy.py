"""The wire of real mode: a proxy between real sockets, in a thread of its own.

Every connection of a run goes through it, so it can be late, held back, cut in pieces or reset,
and everything is recorded, without a line of this in the programs. It is TCP that it stands for:
a cut holds bytes back and a heal delivers them; the proxy itself never drops a byte. What its
window cannot hold it leaves in the sender's socket, so that a sender has to wait, as on a wire.

One thing it cannot stand for: each half is a real connection of this computer, whose kernel
acknowledges by itself. A cut of one way holds back the bytes of that way, and not the
acknowledgements of the other's; in virtual time it holds both. Programs do not see the difference
until a window is full.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any

from labs.world.carry import Connection, close
from labs.world.tape import Tape
from labs.world.weather import Dial, Weather

LOOPBACK = "127.0.0.1"


class Proxy:
    """A thread that carries bytes between the sockets of a run until it is stopped."""

    def __init__(self, weather: Weather, tape: Tape, seed: int) -> None:
        self.weather, self.tape, self.seed = weather, tape, seed
        self.loop: asyncio.AbstractEventLoop = asyncio.SelectorEventLoop()
        self.connections: set[Connection] = set()
        self.expected: dict[tuple[str, int], Dial] = {}
        # Whose end of which connection it is: (connection, here, there), by the address that the
        # program sees on its side of the proxy.
        self.ends: dict[tuple[str, int], tuple[int, str, str]] = {}
        self._accepted: set[socket.socket] = set()  # ... and not yet connected with their server
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._gate = socket.create_server((LOOPBACK, 0), backlog=512)
        self._gate.setblocking(False)
        self.address: tuple[str, int] = self._gate.getsockname()
        self.thread = Thread(target=self._run, name="wire", daemon=True)
        self.thread.start()

    # -- called from the world's thread ---------------------------------------------------

    def do(self, action: Callable[..., Any], *args: Any) -> None:
        """Run `action` on the wire's own thread and wait until it has happened."""
        done: Future[None] = Future()

        def act() -> None:
            action(*args)
            done.set_result(None)

        self.loop.call_soon_threadsafe(act)
        done.result(timeout=5)

    def weather_changed(self) -> None:
        """Let everything that is held back look again."""
        self.loop.call_soon_threadsafe(self._look_again)

    def stop(self) -> None:
        """Close every socket and end the thread. Does nothing the second time."""
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(timeout=5)

    # -- on the wire's own thread ---------------------------------------------------------

    def reset(self, one: str, other: str) -> None:
        """Both ends of every connection between two machines get an RST, now."""
        for connection in self._between({one, other}):
            connection.reset()

    def crash(self, host: str) -> None:
        """The kernel of a machine whose program died closes its sockets."""
        for connection in self._of(host):
            connection.die_at(host)

    def fall_silent(self, host: str) -> None:
        """A machine without power sends nothing more."""
        for connection in self._of(host):
            connection.fall_silent(host)

    def forget(self, host: str) -> None:
        """A machine that comes back knows nothing of its old connections."""
        for connection in self._of(host):
            connection.forget(host)

    async def until(self, true: Callable[[], bool]) -> None:
        """Return once the weather is such that `true()`."""
        while not true():
            await self._changed.wait()

    def _of(self, host: str) -> list[Connection]:
        return [c for c in self.connections if host in c.hosts]

    def _between(self, hosts: set[str]) -> list[Connection]:
        return [c for c in self.connections if set(c.hosts) == hosts]

    def _look_again(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _run(self) -> None:
        asyncio.set_event_loop(None)
        self.loop.add_reader(self._gate, self._accept)
        self.loop.run_forever()
        self.loop.remove_reader(self._gate)
        self._gate.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks))
        for connection in list(self.connections):
            connection.end()
        for client in self._accepted:
            close(client, rst=True)
        self.loop.close()

    def _accept(self) -> None:
        client, address = self._gate.accept()
        client.setblocking(False)
        dial = self.expected.pop(address, None)
        if dial is None:
            close(client, rst=True)  # a stranger: not one of this run's programs
        else:
            self._accepted.add(client)
            self._tasks.add(self.loop.create_task(self._connect(dial, client)))

    async def _connect(self, dial: Dial, client: socket.socket) -> None:
        server = socket.socket()
        server.setblocking(False)
        try:
            server.bind((LOOPBACK, 0))
            # Before the server's program hears of it: it may let go of it at once.
            self.ends[server.getsockname()] = (dial.connection, dial.server, dial.client)
            await self.loop.sock_connect(server, (LOOPBACK, dial.real_port))
        except BaseException as error:  # whatever it is, no socket is left
            server.close()
            if isinstance(error, OSError):
                self._accepted.discard(client)
                close(client, rst=True)
                return
            raise
        self._accepted.discard(client)
        self.connections.add(Connection(self, dial, client, server))
