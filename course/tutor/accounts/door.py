"""The one interface of every way to sign in.

Today there are the one-time link of `start` and the password of a hosted tutor. A further kind
(OpenID Connect, a passkey, a JupyterHub) is one more class with these members: its own routes do
what signing in takes, and end in a session that `recognised` knows from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from course.server.signin import NotSignedIn
from course.tutor.replies import SignInHint

__all__ = ["Door", "NotSignedIn", "Visitor"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in; `session` is the fingerprint of the session, which can be revoked."""

    user: int
    name: str
    session: str


class Door(Protocol):
    """One way to sign in."""

    @property
    def hint(self) -> SignInHint:
        """Where a guest signs in."""

    def routes(self) -> Sequence[web.RouteDef]:
        """The pages that signing in takes."""

    async def recognised(self, request: web.Request) -> Visitor:
        """Who sends this request. Raises NotSignedIn."""

    async def still(self, visitor: Visitor) -> None:
        """Pass while the session lasts. Raises NotSignedIn."""

    async def leave(self, visitor: Visitor, everywhere: bool) -> None:
        """Revoke this session, or all sessions of the account."""

    async def erase(self, visitor: Visitor) -> None:
        """Leave nothing of the account, and nobody signed in to it."""

    def clear(self, response: web.Response) -> None:
        """Have the browser forget its cookie."""
