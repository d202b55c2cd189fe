"""Who may be passed on to JupyterLab: a browser that opened a one-time link.

Tickets are the links, sessions the cookies they turn into; `new_secret` makes both. Only
fingerprints are kept, so comparing takes no longer for a near miss. No request is known here.
"""

import hashlib
from collections.abc import Callable


class NotSignedIn(Exception):
    """Neither an unused ticket nor a session of ours."""


class SignIn:
    """The tickets and sessions of one server; both end with it."""

    def __init__(self, new_secret: Callable[[], str]) -> None:
        self._new_secret = new_secret
        self._tickets: set[bytes] = set()
        self._sessions: set[bytes] = set()

    def new_ticket(self) -> str:
        """A ticket that opens one session."""
        ticket = self._new_secret()
        self._tickets.add(fingerprint(ticket))
        return ticket

    def redeem(self, ticket: str) -> str:
        """The session that an unused ticket opens.

        Raises: NotSignedIn for a used or unknown one.
        """
        if fingerprint(ticket) not in self._tickets:
            raise NotSignedIn
        self._tickets.remove(fingerprint(ticket))
        session = self._new_secret()
        self._sessions.add(fingerprint(session))
        return session

    def check(self, session: str | None) -> None:
        """Pass a session of ours.

        Raises: NotSignedIn for anything else.
        """
        if session is None:
            raise NotSignedIn
        self.still(fingerprint(session))

    def still(self, mark: bytes) -> None:
        """Pass the fingerprint of a session that has not ended.

        Raises: NotSignedIn for anything else.
        """
        if mark not in self._sessions:
            raise NotSignedIn

    def end(self, mark: bytes) -> None:
        """Revoke the session with this fingerprint."""
        self._sessions.discard(mark)

    def end_all(self) -> None:
        """Revoke every session."""
        self._sessions.clear()


def fingerprint(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
