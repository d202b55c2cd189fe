"""What lies between two machines: latency, jitter, bandwidth, and a cut that can heal.

A `Link` has two `Path`s, one each way. It is TCP that runs over it: a cut holds bytes back and
a heal delivers them, as retransmission would; no byte is dropped by the link itself.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from labs.errors import WorldError

if TYPE_CHECKING:
    from labs.world.sender import Segment

LATENCY = 0.025  # seconds one way, between any two machines
SHORTEST = 0.000_001  # an answer must not share an instant with its question
WINDOW = 131_072  # bytes under way or unread, before a sender has to wait


class Path:
    """One direction of a link. Seconds, bytes, bytes a second."""

    def __init__(self, sender: str, receiver: str) -> None:
        self.sender, self.receiver = sender, receiver
        self.latency = SHORTEST if sender == receiver else LATENCY
        self.jitter = 0.0
        self.bandwidth: float | None = None
        self.segment_size: int | None = None
        self.cut = False
        self.plain = True  # each segment takes the same time, whatever its size
        self.free_at = 0.0  # when the last bit that was given to it has left
        self.held: list[Segment] = []  # waiting for the heal


class Link:
    """Both directions between two machines; what is set here holds for both."""

    __slots__ = ("paths",)  # a name mistyped is an error, not a setting that changes nothing

    def __init__(self, there: Path, back: Path) -> None:
        self.paths = (there, back)

    @property
    def latency(self) -> float:
        """Seconds one way."""
        return self.paths[0].latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        _check("latency", seconds, least=0.0)
        for path in self.paths:
            path.latency = max(SHORTEST, seconds)

    @property
    def jitter(self) -> float:
        """Up to so many seconds are added to each segment's latency, drawn from the seed."""
        return self.paths[0].jitter

    @jitter.setter
    def jitter(self, seconds: float) -> None:
        _check("jitter", seconds, least=0.0)
        self._set("jitter", seconds)

    @property
    def bandwidth(self) -> float | None:
        """Bytes a second in each direction; None for no limit."""
        return self.paths[0].bandwidth

    @bandwidth.setter
    def bandwidth(self, bytes_a_second: float | None) -> None:
        _check("bandwidth", bytes_a_second, least=1)
        self._set("bandwidth", bytes_a_second)

    @property
    def segment_size(self) -> int | None:
        """Writes are split into segments of at most so many bytes; None leaves them whole."""
        return self.paths[0].segment_size

    @segment_size.setter
    def segment_size(self, size: int | None) -> None:
        _check("segment_size", size, least=1)
        self._set("segment_size", size)

    def _set(self, name: str, number: float | None) -> None:
        for path in self.paths:
            setattr(path, name, number)
            path.plain = not (path.jitter or path.bandwidth or path.segment_size)


def _check(name: str, number: float | None, least: float) -> None:
    if number is not None and not least <= number < inf:
        raise WorldError(f"a link's {name} is at least {least:g}, not {number}; cut() stops it")
