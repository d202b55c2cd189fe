"""On which machine the code that runs now runs.

A task inherits the context in which it was made, so everything that a machine starts stays on
that machine: its handlers, their tasks, the callbacks of its connections.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

HERE: ContextVar[str] = ContextVar("host")

# The process that a callback belongs to. A machine that is killed and restarted keeps its name
# and gets a new life; what belonged to the old one never runs again.
LIFE: ContextVar[object] = ContextVar("life", default=None)

# Where the code ran before the `with world.host(name):` it is in: machine, process, and the same
# of the block around that one. It is a task's own, since many tasks enter a machine at once.
LEFT: ContextVar[Any] = ContextVar("left", default=None)
