"""The door of a hosted tutor: name and password, and a session in the database behind a cookie.

A form carries a secret that must equal the one in a cookie of its own (CSRF, also at the sign-in
itself); the service has looked at Origin before. Every sign-in begins a new session.
"""

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network

from aiohttp import web

from course.server.signin import NotSignedIn, fingerprint
from course.tutor.accounts import forms
from course.tutor.accounts.door import Visitor
from course.tutor.accounts.passwords import (
    Passwords,
    Unfit,
    WrongPassword,
    fit_name,
    fit_password,
    may_be,
)
from course.tutor.protocol import SIGN_IN, SIGN_UP
from course.tutor.replies import SignInHint
from course.tutor.store.people import NameTaken, People, User
from course.tutor.throttle import Buckets, Throttled

LASTS = 14 * 86_400.0  # seconds; after them one signs in again
WRONG = "Name and password do not belong together."
STALE = "This form is too old, or cookies are switched off: please try again."


@dataclass(frozen=True, slots=True)
class Policy:
    """How this tutor is reached and who may come."""

    https: bool
    port: int
    proxied: bool  # then the last address in X-Forwarded-For was written by our own proxy
    registers: bool  # whether anybody may make an account

    def cookie(self, name: str) -> str:
        """A cookie's name: over https no other host can set it, over http it tells ports apart."""
        return f"__Host-{name}" if self.https else f"{name}-{self.port}"

    def address(self, request: web.Request) -> str:
        """Who asks, as far as the network says; of IPv6 the half that a customer is given."""
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        said = (self.proxied and forwarded) or request.remote or ""
        try:
            return str(IPv6Network((IPv6Address(said).packed[:8] + bytes(8), 64)))
        except ValueError:
            return said


class PasswordDoor:
    """Accounts with passwords."""

    def __init__(
        self, people: People, passwords: Passwords, policy: Policy, clock: Callable[[], float]
    ) -> None:
        self._people = people
        self._passwords = passwords
        self._policy = policy
        self._clock = clock
        # A name is tried less often than an address asks: a whole class may share one address.
        self._names = Buckets(1 / 30, 8, clock)
        self._addresses = Buckets(1 / 3, 40, clock)

    @property
    def hint(self) -> SignInHint:
        """The form."""
        return SignInHint("Sign in with your name and password.", SIGN_IN)

    def routes(self) -> Sequence[web.RouteDef]:
        """The forms; that for a new account where anybody may make one."""
        routes = [web.get(SIGN_IN, self.form), web.post(SIGN_IN, self.sign_in)]
        if self._policy.registers:
            routes += [web.get(SIGN_UP, self.form), web.post(SIGN_UP, self.sign_up)]
        return routes

    async def form(self, request: web.Request) -> web.Response:
        """The form of this path."""
        return self._form(request, after=forms.local(request.query.get("next", "/")))

    async def sign_in(self, request: web.Request) -> web.Response:
        """A session for the right password; the form again for a wrong one."""
        try:
            given = await self._given(request)
            self._names.take(given["name"])
            user = await self._people.named(given["name"]) if may_be(given["name"]) else None
            kept = user.password if user else None
            stronger = await self._passwords.verify(kept, given["password"])
        except WrongPassword:
            return self._form(request, says=WRONG, status=403)
        except Unfit as why:
            return self._form(request, says=str(why), status=403)
        except Throttled as wait:
            return self._later(request, wait)
        assert user is not None  # nobody's password is always wrong
        if stronger:
            await self._people.rehash(user.id, stronger)
        return await self._welcome(request, user, given["next"])

    async def sign_up(self, request: web.Request) -> web.Response:
        """A new account and its first session; the form again where that cannot be."""
        try:
            given = await self._given(request)
            name = fit_name(given["name"])
            password = await self._passwords.hashed(fit_password(given["password"], name))
            user = await self._people.create(name, password, self._clock())
        except Unfit as why:
            return self._form(request, says=str(why), status=422)
        except NameTaken:
            return self._form(request, says="This name is taken.", status=422)
        except Throttled as wait:
            return self._later(request, wait)
        return await self._welcome(request, user, given["next"])

    async def recognised(self, request: web.Request) -> Visitor:
        """Whose cookie this is. Raises NotSignedIn."""
        secret = request.cookies.get(self._policy.cookie("tutor"))
        if not secret:
            raise NotSignedIn
        return await self._of(fingerprint(secret).hex())

    async def still(self, visitor: Visitor) -> None:
        """Pass while the session lasts. Raises NotSignedIn."""
        await self._of(visitor.session)

    async def leave(self, visitor: Visitor, everywhere: bool) -> None:
        """Revoke the session, or all of the account's."""
        if everywhere:
            await self._people.end_sessions(visitor.user)
        else:
            await self._people.end_session(visitor.session)

    async def erase(self, visitor: Visitor) -> None:
        """Leave nothing of the account."""
        await self._people.erase(visitor.user)

    def clear(self, response: web.Response) -> None:
        """Have the browser forget its cookie."""
        name = self._policy.cookie("tutor")
        response.del_cookie(name, path="/", secure=self._policy.https, httponly=True)

    async def _of(self, mark: str) -> Visitor:
        user = await self._people.in_session(mark, self._clock())
        if user is None:
            raise NotSignedIn
        return Visitor(user.id, user.name, mark)

    async def _given(self, request: web.Request) -> dict[str, str]:
        """The members of the form. Raises Throttled, Unfit."""
        self._addresses.take(self._policy.address(request))
        members = await fields_of(request)
        expected = request.cookies.get(self._policy.cookie("tutor-form"), "")
        if not expected or not hmac.compare_digest(expected.encode(), members["csrf"].encode()):
            raise Unfit(STALE)
        if any(len(each) > 512 for each in members.values()):
            raise Unfit(WRONG)
        members["name"] = members["name"].strip().casefold()
        return members

    async def _welcome(self, request: web.Request, user: User, after: str) -> web.Response:
        """The way on, signed in: always with a new secret, and the old session ended."""
        old = request.cookies.get(self._policy.cookie("tutor"))
        if old:
            await self._people.end_session(fingerprint(old).hex())
        secret, now = secrets.token_urlsafe(32), self._clock()
        await self._people.open_session(user.id, fingerprint(secret).hex(), now, now + LASTS)
        headers = {"Location": forms.local(after), **forms.HEADERS}
        response = web.Response(status=303, headers=headers)
        self._set(response, "tutor", secret, int(LASTS))
        return response

    def _set(self, response: web.Response, name: str, secret: str, lasts: int) -> None:
        response.set_cookie(
            self._policy.cookie(name), secret, path="/", max_age=lasts, httponly=True,
            secure=self._policy.https, samesite="Lax",
        )  # fmt: skip

    def _form(
        self, request: web.Request, *, after: str = "/", says: str = "", status: int = 200
    ) -> web.Response:
        secret = request.cookies.get(self._policy.cookie("tutor-form")) or secrets.token_urlsafe(32)
        title = "Sign up" if request.path == SIGN_UP else "Sign in"
        offers = self._policy.registers and request.path == SIGN_IN
        other = f'<p><a href="{SIGN_UP}">Make an account</a></p>' if offers else ""
        response = forms.page(
            request.path, title, secret, after=after, says=says, other=other, status=status
        )
        self._set(response, "tutor-form", secret, 3600)
        return response

    def _later(self, request: web.Request, wait: Throttled) -> web.Response:
        seconds = int(wait.retry_after) + 1
        response = self._form(request, says=f"Too many tries: wait {seconds} s.", status=429)
        response.headers["Retry-After"] = str(seconds)
        return response


async def fields_of(request: web.Request) -> dict[str, str]:
    """The fields of the form that was sent. Raises Unfit."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Unfit(STALE)
    try:
        form = await request.post()
    except (UnicodeDecodeError, LookupError, ValueError):
        raise Unfit(STALE) from None
    return {name: str(form.get(name, "")) for name in ("name", "password", "csrf", "next")}
