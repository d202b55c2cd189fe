"""What a live server shows of itself: a fixed sentence for the page, its address for the screen.

The address is another one each time, so it is never part of a stored output. A live view adds it
where there is a screen (`url`, `noticed`); text and notebook keep the sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

TEXT = "A live server is running on this computer; JupyterLab shows its address."
STOPPED = "This live server has been stopped."


@dataclass(eq=False)
class LiveView:
    """A running server: its address, what it noticed, and how to end it.

    `cell` names the place that started it; `changed` holds callables that want to know when
    something was noticed or the server ended (they are called on the server's own thread).
    """

    url: str = field(default="", repr=False)
    port: int = 0
    cell: str = ""
    running: bool = True
    noticed: list[str] = field(default_factory=list)
    changed: list[Callable[[], None]] = field(default_factory=list)

    def __repr__(self) -> str:
        return "\n".join([TEXT if self.running else STOPPED, *self.noticed])

    def notice(self, says: str) -> None:
        """Keep a sentence about something that went wrong, once, and tell who wants to know."""
        if says not in self.noticed:
            self.noticed.append(says)
            self.tell()

    def tell(self) -> None:
        """Call everybody who wants to know of changes."""
        for callback in list(self.changed):
            callback()

    def stop(self) -> None:
        """End the server. Does nothing when it has ended."""
        self.running = False


@dataclass
class Servers:
    """The live servers of this process, and the cell that runs now."""

    cell: str = ""
    run: int = 0
    known: list[tuple[str, int, LiveView]] = field(default_factory=list)

    def begin(self, cell: str) -> None:
        """A cell begins to run; what its earlier run started is replaced when it starts anew."""
        self.cell, self.run = cell, self.run + 1

    def add(self, view: LiveView) -> None:
        """A server has been started here."""
        self.known.append((view.cell, self.run, view))

    def replace(self, place: str) -> None:
        """Stop what this place started before."""
        for known in list(self.known):
            cell, run, view = known
            if cell == place and (not self.cell or run != self.run):
                self.known.remove(known)
                view.stop()

    def stop_all(self) -> None:
        """Stop every live server: the cell was interrupted, or the process ends."""
        while self.known:
            self.known.pop()[2].stop()


SERVERS = Servers()  # one process, one list: a port is a thing of the process
