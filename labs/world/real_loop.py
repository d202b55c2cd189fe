"""asyncio's own loop on real sockets, in which names like "auction" are machines.

Three calls differ from any other loop: getaddrinfo knows the machines of the world, create_server
puts a server on one of them, sock_connect leads a client to its proxy. And a machine that was
killed stays dead: no step of its tasks, no callback of its connections ever runs again.

TLS is asyncio's own, over these sockets: the proxy and the journal see what a network would.

It builds on private parts of asyncio (`_call_soon`, `_ready`, `_scheduled`, `SSLProtocol`,
`_SelectorSocketTransport`); tests/labs/world/test_real.py fails first if a release changes them.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.selector_events import (  # type: ignore[attr-defined]  # it has no stub
    _SelectorSocketTransport,
)
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from labs.world.link import WINDOW
from labs.world.place import HERE, LIFE
from labs.world.proxy import LOOPBACK

if TYPE_CHECKING:
    from labs.world.real_network import RealNetwork


class RealTask(asyncio.Task[Any]):
    """A task that knows which process of which machine it belongs to."""

    life: object = None


class RealTransport(_SelectorSocketTransport):  # type: ignore[misc]  # it has no stub
    """A socket of a program; the journal notes when the program lets go of it."""

    def _call_connection_lost(self, exc: Exception | None) -> None:
        if exc is None and self._loop.transports.get(self) not in self._loop.dead_lives:
            self._loop.network.left(self)
        super()._call_connection_lost(exc)


class RealLoop(asyncio.SelectorEventLoop):
    """Runs the programs of several machines in one thread, on sockets of this computer."""

    def __init__(self, network: RealNetwork) -> None:
        super().__init__()
        self.network = network
        self.dead_lives: set[object] = set()
        self.frozen: set[asyncio.Task[Any]] = set()
        self.generators: WeakKeyDictionary[Any, object] = WeakKeyDictionary()  # whose they are
        self.tasks: set[RealTask] = set()
        self.transports: WeakKeyDictionary[RealTransport, object] = WeakKeyDictionary()
        self.servers: dict[asyncio.Server, object] = {}  # ... and the process that owns each
        self._ready: Any
        self._scheduled: Any
        self.set_task_factory(self._make_task)  # type: ignore[arg-type]  # no eager tasks here

    @property
    def now(self) -> float:
        """Seconds since the run began."""
        return self.network.tape.now()

    # -- names, connections, servers -------------------------------------------------------

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """The one address of a machine of this world."""
        return self.network.resolve(host, port)

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """Connect to a machine of the world by way of its proxy, to any other port directly."""
        server = self.network.machine_at(*address[:2])
        if server is None:
            await super().sock_connect(sock, address)
        else:
            await self.network.dial(sock, server, address[1])

    async def create_server(
        self,
        protocol_factory: Callable[[], Any],
        host: Any = None,
        port: int | None = None,
        **rest: Any,
    ) -> asyncio.Server:
        """Listen on the machine that `host` names (by default: where the caller runs)."""
        name = self.network.listen(host, port)

        def on_the_machine() -> Any:
            # Called inside the task that accepts: whatever it starts stays on the machine.
            HERE.set(name)
            LIFE.set(self.network.life_of(name))
            return protocol_factory()

        server = await super().create_server(on_the_machine, LOOPBACK, 0, **rest)
        for listening in server.sockets:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WINDOW)
        self.servers[server] = getattr(asyncio.current_task(), "life", None)
        self.network.listens(name, port, server)
        return server

    # -- machines that die -----------------------------------------------------------------

    def kill(self, life: object) -> None:
        """Freeze a process where it stands: none of its code runs again, no `finally` either."""
        self.dead_lives.add(life)
        for handle in [*self._ready, *self._scheduled]:
            if self._is_frozen(handle):
                handle.cancel()
        for task in asyncio.all_tasks(self):
            if _life_of(task) in self.dead_lives:
                self.frozen.add(task)
        for transport, owner in list(self.transports.items()):
            if owner in self.dead_lives:
                transport.set_protocol(asyncio.Protocol())  # its program hears nothing of the end
                if transport._loop is not None:  # it still has its socket
                    transport.abort()
        for server, owner in self.servers.items():
            if owner in self.dead_lives:
                server.close()

    def _is_frozen(self, handle: Any) -> bool:
        if handle._cancelled:
            return False
        task = getattr(handle._callback, "__self__", None)
        if isinstance(task, asyncio.Task):
            return _life_of(task) in self.dead_lives
        return handle._context.get(LIFE) in self.dead_lives

    def _call_soon(self, callback: Any, args: Any, context: Context | None) -> asyncio.Handle:
        handle: asyncio.Handle
        handle = super()._call_soon(callback, args, context)  # type: ignore[misc]  # no stub
        if self.dead_lives and self._is_frozen(handle):
            handle.cancel()
        return handle

    def _asyncgen_firstiter_hook(self, generator: Any) -> None:
        self.generators[generator] = LIFE.get()
        super()._asyncgen_firstiter_hook(generator)  # type: ignore[misc]  # it has no stub

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **kwargs: Any
    ) -> RealTask:
        known = {k: v for k, v in kwargs.items() if k != "eager_start" and v is not None}
        task = RealTask(coro, loop=loop, **known)
        context: Context | None = kwargs.get("context")
        task.life = LIFE.get() if context is None else context.get(LIFE)
        self.tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: Any) -> None:
        if not task._log_traceback:  # a failure that nobody has asked for yet is kept
            self.tasks.discard(task)

    def _make_socket_transport(
        self, sock: Any, protocol: Any, waiter: Any = None, *, extra: Any = None, server: Any = None
    ) -> RealTransport:
        transport = RealTransport(self, sock, protocol, waiter, extra, server)
        self.transports[transport] = LIFE.get()
        return transport

    def _make_ssl_transport(
        self,
        rawsock: Any,
        protocol: Any,
        sslcontext: Any,
        waiter: Any = None,
        *,
        server_side: bool = False,
        server_hostname: Any = None,
        extra: Any = None,
        server: Any = None,
        **timeouts: Any,
    ) -> Any:
        """As asyncio does it, with a transport that tells whose it is."""
        how = sslcontext, waiter, server_side, server_hostname
        secured: Any = SSLProtocol(self, protocol, *how, **timeouts)
        self._make_socket_transport(rawsock, secured, extra=extra, server=server)
        return secured._app_transport


def _life_of(task: asyncio.Task[Any]) -> object:
    if isinstance(task, RealTask):
        return task.life
    # aiohttp makes some tasks itself from Python 3.12 on, where a task tells its context.
    context: Context = task.get_context() if hasattr(task, "get_context") else Context()
    return context.get(LIFE)
