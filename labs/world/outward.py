"""What asyncio asks of a loop besides time: names, connections, servers, another thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from labs.errors import Escape
from labs.world.place import HERE
from labs.world.where import called_at

if TYPE_CHECKING:
    from labs.world.network import Network
    from labs.world.transport import Endpoint

NO_TLS = "TLS draws random numbers of its own, so it needs mode='real'; or use ws:// and http://"


class OutwardLoop(asyncio.BaseEventLoop):
    """A loop whose machines and connections are those of a network of ours."""

    network: Network
    inline = False  # a function for an executor is running, and ...
    slept_inline = 0.0  # ... has slept for so many seconds

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """The one address of a machine of this world."""
        return self.network.resolve(host, port)

    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:
        """The machine's name and the port."""
        return self.network.name_of(sockaddr[0]), str(sockaddr[1])

    async def create_connection(
        self,
        protocol_factory: Callable[[], Any],
        host: str | None = None,
        port: int | None = None,
        *,
        ssl: Any = None,
        sock: Any = None,
        **_: Any,
    ) -> tuple[Endpoint, Any]:
        """Connect from the machine on which the caller runs."""
        if ssl:
            raise Escape(NO_TLS)
        if sock is not None:
            endpoint = self.network.unpark(sock)
        else:
            endpoint = await self.network.connect(HERE.get(), str(host), int(port or 0))
        return endpoint, self.network.attach(endpoint, protocol_factory)

    async def sock_connect(self, sock: Any, address: Any) -> None:
        """Connect a socket object; create_connection(sock=...) then takes the connection over."""
        endpoint = await self.network.connect(HERE.get(), address[0], address[1])
        self.network.park(sock, endpoint)

    async def create_server(
        self,
        protocol_factory: Callable[[], Any],
        host: Any = None,
        port: int | None = None,
        *,
        ssl: Any = None,
        **_: Any,
    ) -> Any:
        """Listen on the machine that `host` names (by default: where the caller runs)."""
        if ssl:
            raise Escape(NO_TLS)
        return self.network.listen(protocol_factory, host, port)

    async def _make_subprocess_transport(self, *_: Any, **__: Any) -> Any:
        raise Escape("another process is outside this world: start() a program on a machine")

    def run_in_executor(  # type: ignore[override]  # its type variables say nothing here
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Run a function at once; what it sleeps delays its answer and nobody else."""
        future = self.create_future()
        self.inline, self.slept_inline = True, 0.0
        try:
            finish: tuple[Callable[..., None], Any] = (future.set_result, func(*args))
        except Exception as error:
            finish = (future.set_exception, error)
        finally:
            self.inline = False
        self.call_later(self.slept_inline, _unless_done, future, *finish)
        return future


def _unless_done(future: asyncio.Future[Any], finish: Callable[[Any], None], value: Any) -> None:
    if not future.done():
        finish(value)


# What asyncio's loops can do besides: what is said to whoever asks for it.
OUTSIDE = {
    "asks for a socket of the system: open_connection() and start_server() know the machines": (
        "add_reader remove_reader add_writer remove_writer connect_accepted_socket "
        "sock_accept sock_recv sock_recv_into sock_sendall sock_sendfile"
    ),
    "asks for datagrams: the machines of this world are connected by TCP": (
        "create_datagram_endpoint sock_recvfrom sock_recvfrom_into sock_sendto"
    ),
    "asks for a socket in the file system: the machines of this world have hosts and ports": (
        "create_unix_connection create_unix_server"
    ),
    "asks for a pipe out of this world: a machine runs what start() is given": (
        "connect_read_pipe connect_write_pipe"
    ),
    "waits for a signal, and nobody sends one here: world.host(name).crash() kills a program": (
        "add_signal_handler remove_signal_handler"
    ),
}


def _refused(name: str, says: str) -> Callable[..., Any]:
    def refused(*_: Any, **__: Any) -> Any:
        raise Escape(f"loop.{name}() at {called_at()} {says}")

    return refused


for _says, _names in OUTSIDE.items():
    for _name in _names.split():
        setattr(OutwardLoop, _name, _refused(_name, _says))
