"""What a fault does to what is on its way, and for how long it stands in the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labs.journal import Event, Fault, Left
from labs.world.link import Path
from labs.world.loop import WorldLoop
from labs.world.names import Names
from labs.world.sender import RST, Segment, Sender

if TYPE_CHECKING:
    from labs.world.transport import Endpoint


class Faults(Names):
    """The log of a run, its connections, and what harm does to both."""

    def __init__(self, loop: WorldLoop) -> None:
        super().__init__()
        self.loop = loop
        self.log: list[Segment | Event] = []
        self.connections: list[tuple[Endpoint, Endpoint]] = []
        self.faults: dict[tuple[str, object], Fault] = {}
        self.harmed = False  # until the first fault that lasts, nobody need ask for one
        self.held_acks: list[tuple[Endpoint, int]] = []

    def swallow(self, endpoint: Sender) -> None:
        """An RST that left into a cut; it is in the journal and nowhere else."""
        segment = Segment(self.loop.now, endpoint, RST, 0, b"")
        segment.lost = "cut"
        self.log.append(segment)

    def left(self, endpoint: Sender) -> None:
        """A program lets go of its end: what it learns from now on, it learns elsewhere."""
        now, here, there = self.loop.now, endpoint.here, endpoint.there
        self.log.append(Left(now, endpoint.connection, here, there))

    def hold_ack(self, sender: Endpoint, size: int) -> None:
        """An acknowledgement that cannot leave before the heal."""
        self.held_acks.append((sender, size))

    def release(self, path: Path) -> None:
        """The cut healed: what was held goes on, in order, one latency later."""
        when = round(self.loop.now + path.latency, 9)
        for segment in path.held:
            source = segment.source
            source.last_arrival = max(when, source.last_arrival)
            source.peer.not_before = when
            self.loop.deliver(when, segment)
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
        self.harmed = True
        fault = Fault(self.loop.now, name, hosts, None, says)
        for key in keys:
            self._end(family, key)
            self.faults[family, key] = fault
        self.log.append(fault)

    def end_fault(self, family: str, key: object) -> None:
        """The fault under this key is over; its band ends here."""
        if family == "down":
            self._answer_for_the_dead(key)
        self._end(family, key)

    def _end(self, family: str, key: object) -> None:
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
        for segment in self.loop.recall(ends):
            segment.lost = why
        for path in (near.path, far.path):
            for segment in path.held:
                if segment.source in ends:
                    segment.lost = why
            path.held = [segment for segment in path.held if not segment.lost]
