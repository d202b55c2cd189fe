"""Everything that a request to the tutor may need."""

from collections.abc import Callable
from dataclasses import dataclass

from course.tutor.accounts.door import Door
from course.tutor.service.conversations import Conversations
from course.tutor.service.limits import Limits
from course.tutor.service.quota import Quotas
from course.tutor.service.tickets import Tickets
from course.tutor.store.history import History
from course.tutor.throttle import Buckets


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one service; `origin` is its own, `panels` are further pages with a socket."""

    origin: str
    panels: frozenset[str]
    door: Door
    conversations: Conversations
    tickets: Tickets
    history: History
    quotas: Quotas
    limits: Limits
    asks: Buckets  # by user
    mistakes: Buckets  # by user
    clock: Callable[[], float]

    @property
    def model(self) -> str | None:
        """The model that answers, where one is configured."""
        return self.conversations.means.answerer.model
