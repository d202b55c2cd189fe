"""A process that dies at its n-th step, so that every crash point can be tried in turn.

Whatever a scenario hands to the learner's code calls `step` before it has an effect. From the
step at which the process dies on, every further call raises `Killed` too: what a `finally` or an
`except BaseException` still tries has no effect, as after `kill -9`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any


class Killed(BaseException):
    """The process is dead; no Exception, so that `except Exception` does not revive it."""


@dataclass(slots=True)
class Process:
    """The steps that were reached; with `dies_at`, the number of the one that is not."""

    dies_at: int | None = None
    steps: list[str] = field(default_factory=list)
    dead: bool = False

    def step(self, name: str) -> None:
        """Returns while the process lives. Raises Killed at the step where it dies and after."""
        if self.dead:
            raise Killed(name)
        self.steps.append(name)
        if len(self.steps) == self.dies_at:
            self.dead = True
            raise Killed(name)

    @property
    def died_before(self) -> str:
        """What the process was about to do when it died."""
        return self.steps[-1] if self.dead else ""


async def until_killed(handling: Awaitable[Any]) -> Any:
    """What the learner's coroutine returns; None when its process was killed.

    A task group wraps what ended it; of a group, the first error that is no death is raised.
    """
    try:
        return await handling
    except Killed:
        return None
    except BaseExceptionGroup as group:
        if (other := _not_killed(group)) is not None:
            raise other from None
        return None


def _not_killed(error: BaseException) -> BaseException | None:
    if not isinstance(error, BaseExceptionGroup):
        return None if isinstance(error, Killed) else error
    return next(filter(None, map(_not_killed, error.exceptions)), None)
