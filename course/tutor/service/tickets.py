"""Single-use tickets: what a socket shows instead of a cookie, because its URL may be logged.

A cookie would be sent by any page of this machine, whatever its port; a ticket was asked for by
a page of ours (exact Origin) or by the owner's kernel, a moment ago.
"""

from collections import OrderedDict
from collections.abc import Callable

from course.server.signin import NotSignedIn, fingerprint
from course.tutor.accounts.door import Visitor


class Tickets:
    """The unused tickets; only their fingerprints are kept."""

    def __init__(
        self, new_secret: Callable[[], str], clock: Callable[[], float], lasts: float, most: int
    ) -> None:
        self._new_secret = new_secret
        self._clock = clock
        self._lasts = lasts
        self._most = most
        self._unused: OrderedDict[bytes, tuple[Visitor, float]] = OrderedDict()

    def new(self, visitor: Visitor) -> str:
        """A ticket for one socket; of too many unused ones the oldest is worth nothing any more."""
        self._clear()
        own = [mark for mark, (whose, _) in self._unused.items() if whose.user == visitor.user]
        if len(own) >= self._most:
            del self._unused[own[0]]
        ticket = self._new_secret()
        self._unused[fingerprint(ticket)] = (visitor, self._clock() + self._lasts)
        return ticket

    def redeem(self, ticket: str) -> Visitor:
        """Whom the ticket was given to. Raises NotSignedIn for a used, old or unknown one."""
        self._clear()
        try:
            visitor, _ = self._unused.pop(fingerprint(ticket))
        except KeyError:
            raise NotSignedIn from None
        return visitor

    def _clear(self) -> None:
        now = self._clock()
        while self._unused and next(iter(self._unused.values()))[1] <= now:
            self._unused.popitem(last=False)
