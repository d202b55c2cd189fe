"""The door on one's own machine: the one-time link that `start` prints.

It is the sign-in of the course itself, so one click opens JupyterLab and the tutor. There is one
learner, and sessions end with the process. Kernels, which have no cookie, show the secret from a
file that only its owner can read.
"""

import hmac
from collections.abc import Callable, Sequence

from aiohttp import web

from course.server.signin import NotSignedIn, SignIn, fingerprint
from course.tutor.accounts.door import Visitor
from course.tutor.replies import SignInHint
from course.tutor.store.people import People, User

LEARNER = "learner"
KERNEL = "kernel"  # the session of whoever shows the owner's secret; it ends with the process
HOW = (
    "Open the link that `python3 -m course start` printed. For another one, run it once more "
    "in the course's folder and leave the first one running."
)


class LinkDoor:
    """The sign-in of `start`, as the tutor sees it."""

    def __init__(
        self, sign_in: SignIn, cookie: str, owner: str, people: People, clock: Callable[[], float]
    ) -> None:
        self._sign_in = sign_in
        self._cookie = cookie
        self._owner = owner
        self._people = people
        self._clock = clock
        self._learner: User | None = None

    @property
    def hint(self) -> SignInHint:
        """The link is in the terminal, so there is no page to go to."""
        return SignInHint(HOW)

    def routes(self) -> Sequence[web.RouteDef]:
        """None: the course's own front page redeems the link."""
        return ()

    async def recognised(self, request: web.Request) -> Visitor:
        """The learner. Raises NotSignedIn."""
        given = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(given, f"Bearer {self._owner}".encode()):
            return await self._visitor(KERNEL)
        cookie = request.cookies.get(self._cookie)
        self._sign_in.check(cookie)
        return await self._visitor(fingerprint(cookie or "").hex())

    async def still(self, visitor: Visitor) -> None:
        """Pass until the sign-out. Raises NotSignedIn."""
        if visitor.session != KERNEL:
            self._sign_in.still(bytes.fromhex(visitor.session))
        if self._learner is None or self._learner.id != visitor.user:
            raise NotSignedIn

    async def leave(self, visitor: Visitor, everywhere: bool) -> None:
        """Revoke the session, or every browser's."""
        if everywhere:
            self._sign_in.end_all()
        elif visitor.session != KERNEL:
            self._sign_in.end(bytes.fromhex(visitor.session))

    async def erase(self, visitor: Visitor) -> None:
        """Leave nothing of what was asked; the next question begins a new account."""
        self._learner = None
        await self._people.erase(visitor.user)

    def clear(self, response: web.Response) -> None:
        """Have the browser forget its cookie."""
        response.del_cookie(self._cookie, path="/")

    async def _visitor(self, session: str) -> Visitor:
        if self._learner is None:
            self._learner = await self._people.ensure(LEARNER, self._clock())
        return Visitor(self._learner.id, self._learner.name, session)
