"""The seam between the service and whatever answers: an asynchronous iterator of messages."""

from collections.abc import AsyncGenerator
from typing import Any, Protocol

from course.tutor.protocol import Ask, Citation, Delta, Done, Refused

# What an answerer may say. The service begins each answer with `start`, numbers what comes, and
# ends it: `Done` carries who answered and the follow-ups, and is added where it does not come.
Part = Delta | Citation | Refused | Done


class Allowance(Protocol):
    """What the user may still cost today."""

    async def take(self) -> None:
        """Count one call of a model, before it is made. Raises Spent, which ends the answer."""


class Learner(Allowance, Protocol):
    """Who asks. What is kept of them is JSON, and goes when they delete their account."""

    async def recall(self, name: str) -> Any:
        """What was kept under this name, or None."""

    async def keep(self, name: str, state: Any) -> None:
        """Keep this instead; None keeps nothing."""


class Answerer(Protocol):
    """Answers questions.

    When the learner has enough, the iterator is closed: GeneratorExit, or CancelledError where
    it waits, reaches the answerer, which ends its own connection in a `finally`.
    """

    @property
    def model(self) -> str | None:
        """The model that it may call; None for one that quotes the course."""

    def __call__(self, ask: Ask, learner: Learner) -> AsyncGenerator[Part, None]:
        """The parts of the answer, as they come."""
