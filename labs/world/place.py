"""On which machine the code that runs now runs.

A task inherits the context in which it was made, so everything that a machine starts stays on
that machine: its handlers, their tasks, the callbacks of its connections.
"""

from __future__ import annotations

from contextvars import ContextVar

HERE: ContextVar[str] = ContextVar("host")
