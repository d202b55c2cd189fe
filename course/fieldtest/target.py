"""Where storm may send: loopback, or an address that was named twice. Checked where it connects."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from course.refusal import Refusal

USAGE, UNCLEAR = 64, 3


@dataclass(frozen=True, slots=True)
class Target:
    """An address to send to: `ip` is the one that was checked, and the one that is used."""

    url: str
    host: str
    port: int
    path: str
    ip: str
    tls: ssl.SSLContext | None

    @property
    def authority(self) -> str:
        """What stands in the header Host."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.tls else 80
        return name if self.port == usual else f"{name}:{self.port}"


async def target(url: str, allowed: Sequence[str] = ()) -> Target:
    """The address behind a URL. Raises Refusal where it is no loopback and not in `allowed`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not url.isascii():
        raise Refusal(f"`{url}` is no address such as http://127.0.0.1:9000/hook.", USAGE)
    if parts.username is not None:
        raise Refusal("storm sends no name and password: take them out of the address.", USAGE)
    port = port or (443 if parts.scheme == "https" else 80)
    ip = await _checked(host, port, host in allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    return Target(url, host, port, path, ip, tls)


async def _checked(host: str, port: int, allowed: bool) -> str:
    """One IP address of the host; all of them must be loopback unless the host is allowed."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refusal(f"{host} cannot be found: {error.strerror or error}.", UNCLEAR) from None
    ips = [str(where[0]) for *_, where in found]
    if not allowed and not all(ipaddress.ip_address(ip).is_loopback for ip in ips):
        raise Refusal(
            f"{host} is not this machine. If it is yours and you mean it, name it twice: "
            f"--allow {host}",
            USAGE,
        )
    return min(ips, key=lambda ip: ":" in ip)
