"""What the wire of real mode is like at this moment, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from labs.world.link import Path


@dataclass
class Weather:
    """What the wire is like at this moment; the world changes it, the proxy obeys."""

    paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)  # machines without power
    stalled: set[str] = field(default_factory=set)  # machines that do not read

    def path(self, sender: str, receiver: str) -> Path:
        """The one-way path between two machines, made when it is first asked for."""
        if (sender, receiver) not in self.paths:
            self.paths[sender, receiver] = Path(sender, receiver)
        return self.paths[sender, receiver]

    def passes(self, sender: str, receiver: str) -> bool:
        """True while bytes from `sender` get to `receiver`."""
        return not (self.path(sender, receiver).cut or receiver in self.off)


@dataclass(frozen=True, slots=True)
class Dial:
    """A connection that a program asked for, and the real port behind the server's name."""

    connection: int
    client: str
    server: str
    real_port: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes, or the sign of an end, that are due at the other side at a time of the loop."""

    entry: int
    what: bytes | str  # "FIN" and "RST" are the ends
    due: float
