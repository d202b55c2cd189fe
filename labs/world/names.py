"""Machines by name and address, and which process runs on each."""

from __future__ import annotations

import socket
from typing import Any

from labs.errors import Escape
from labs.world.place import HERE

LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""}


class Names:
    """A machine exists from the first time that its name is used."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.lives: dict[str, object] = {}
        self.introduced: set[str] = set()  # machines that were named as such, or have served
        self.missed: dict[str, None] = {}  # ... and those where nobody listened, in order

    def introduce(self, host: str) -> None:
        """A machine is meant to be: no name mistyped."""
        self.know(host)
        self.introduced.add(host)

    def strangers(self) -> list[str]:
        """A sentence for each machine that was asked for and never was one."""
        there = ", ".join(sorted(self.introduced)) or "none"
        return [
            f"{name} was asked for, and no machine of this run is called so (there are: {there})"
            for name in self.missed
            if name not in self.introduced
        ]

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
        sockaddr = (self.address_of(name), int(port or 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", sockaddr)]

    def address_of(self, name: str) -> str:
        """The address of the machine that a name means."""
        return self.address(self.name_of(name))
