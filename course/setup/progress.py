"""What is seen while the environment is made: one moving line, or a line a package in a pipe."""

import re
import time
from collections.abc import Callable
from typing import TextIO

COLLECTING = re.compile(r"^Collecting ([A-Za-z0-9._-]+)(?:\[[^]]*\])?(?:==([^ ;]+))?")
PROCESSING = re.compile(r"^Processing (?:.*/)?([A-Za-z0-9._]+)-([^-/]+)-[^/]*\.whl")


class Progress:
    """Elapsed time and the present doing, in the form that the output can show."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = out
        self.clock = clock
        self.began = clock()
        self.moving = out.isatty()
        self.doing = ""
        self.fetched = 0
        self.wanted = 0
        self.said_at = 0.0

    def now(self, doing: str) -> None:
        """Something else begins."""
        self.doing = doing
        self.show()

    def pip_said(self, line: str) -> None:
        """Follow pip: each package it fetches, then the moment when it installs them."""
        found = COLLECTING.match(line) or PROCESSING.match(line)
        if found:
            self.fetched += 1
            self.now(" ".join(part for part in found.groups() if part))
        elif line.startswith("Installing collected packages:"):
            self.wanted = line.count(",") + 1
            self.now(f"installing {self.wanted} packages")

    def installed(self, count: int) -> None:
        """So many packages stand by now."""
        if self.wanted:
            self.doing = f"installing packages: {min(count, self.wanted)} of {self.wanted}"

    def tick(self) -> None:
        """Keep the clock moving; in a pipe, a sign of life every five seconds."""
        if self.moving or self.clock() - self.said_at >= 5:
            self.show()

    def show(self) -> None:
        """Write the line: over the last one on a terminal, below it in a pipe."""
        self.said_at = self.clock()
        line = f"{self.said_at - self.began:4.0f} s  {self.doing}"
        self.out.write(f"\r\x1b[K{line}" if self.moving else f"{line}\n")
        self.out.flush()

    def done(self) -> None:
        """The last line."""
        self.now("set up")
        if self.moving:
            self.out.write("\n")
            self.out.flush()
