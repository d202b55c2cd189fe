"""The HTTP endpoints: one question with one answer, tickets, and what is kept of the learner."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from course.server.signin import NotSignedIn
from course.tutor import members, protocol
from course.tutor.accounts.door import Visitor
from course.tutor.members import MessageError
from course.tutor.protocol import LONGEST_MESSAGE, Ask, Error, Feedback
from course.tutor.replies import Answered, Status
from course.tutor.service import origins
from course.tutor.service.conversation import Conversation
from course.tutor.service.keeping import Ended
from course.tutor.service.parts import Parts
from course.tutor.service.refusals import PRIVATE, REFUSED, WrongType, response, response_of
from course.tutor.service.talk import Busy
from course.tutor.throttle import Throttled

Endpoint = Callable[[web.Request], Awaitable[web.Response]]


class Endpoints:
    """The tutor over HTTP; whatever is refused is refused in JSON."""

    def __init__(self, parts: Parts, recheck: Callable[[], Awaitable[None]]) -> None:
        self._parts = parts
        self._recheck = recheck  # of the open sockets, after a session was revoked
        self._waiting = 0

    def routes(self) -> list[web.RouteDef]:
        """Every endpoint by its path."""
        return [
            web.get(protocol.STATUS, self.status),
            web.get(protocol.HISTORY, refusing(self.history)),
            web.get(protocol.EXPORT, refusing(self.export)),
            web.post(protocol.TICKET, refusing(self.ticket)),
            web.post(protocol.ASK, refusing(self.ask)),
            web.post(protocol.FEEDBACK, refusing(self.feedback)),
            web.post(protocol.DELETE, refusing(self.delete)),
            web.post(protocol.SIGN_OUT, refusing(self.sign_out)),
        ]

    async def status(self, request: web.Request) -> web.Response:
        """Who is signed in, what is left, and where a guest signs in."""
        parts = self._parts
        try:
            visitor = await parts.door.recognised(request)
        except NotSignedIn:
            return told(Status(False, None, parts.model, None, parts.door.hint, None))
        quota = await parts.quotas.left(visitor.user) if parts.model else None
        status = Status(True, visitor.name, parts.model, quota, parts.door.hint, protocol.SIGN_OUT)
        return told(status)

    async def ticket(self, request: web.Request) -> web.Response:
        """A ticket for one socket."""
        visitor = await self._ours(request)
        return told({"ticket": self._parts.tickets.new(visitor)})

    async def ask(self, request: web.Request) -> web.Response:
        """One question, one answer."""
        visitor = await self._ours(request)
        read = await body(request)
        ask: Ask = protocol.made(Ask, {"id": f"http-{secrets.token_hex(8)}", **read})
        await self._breath(visitor)
        talk = await self._parts.conversations.of(visitor.user)
        talk.connect()
        try:
            ended = await self._answered(talk, ask)
        finally:
            talk.cut()
        if isinstance(ended.end, Error):
            return response(ended.end)
        return told(answered(ended))

    async def feedback(self, request: web.Request) -> web.Response:
        """Keeps what the learner thinks of an answer."""
        visitor = await self._ours(request)
        given: Feedback = protocol.made(Feedback, await body(request))
        await self._parts.conversations.settled(visitor.user)
        await self._parts.history.judge(visitor.user, given.id, given.vote, given.reason)
        return told({})

    async def history(self, request: web.Request) -> web.Response:
        """The newest exchanges, those with the words of `search`, those older than `before`."""
        visitor = await self._reader(request)
        search, before = (words(request, name) for name in ("search", "before"))
        page = await self._parts.history.page(visitor.user, search, before or None)
        return told({"exchanges": [asdict(each) for each in page]})

    async def export(self, request: web.Request) -> web.Response:
        """Everything that is kept of the user, as a file."""
        visitor = await self._reader(request)
        all_of = await self._parts.history.all_of(visitor.user)
        notes = await self._parts.conversations.means.memory.all_of(visitor.user)
        exchanges = [asdict(each) for each in all_of]
        reply = told({"user": visitor.name, "exchanges": exchanges, "notes": notes})
        reply.headers["Content-Disposition"] = 'attachment; filename="tutor.json"'
        return reply

    async def delete(self, request: web.Request) -> web.Response:
        """Leaves nothing of the account and signs it out everywhere."""
        visitor = await self._ours(request)
        await self._parts.conversations.drop(visitor.user)
        await self._parts.door.erase(visitor)
        return await self._left()

    async def sign_out(self, request: web.Request) -> web.Response:
        """Ends the session, or with `{"everywhere": true}` every session of the account."""
        visitor = await self._ours(request)
        read = await body(request) if request.can_read_body else {}
        await self._parts.door.leave(visitor, read.get("everywhere") is True)
        return await self._left()

    async def _left(self) -> web.Response:
        await self._recheck()
        reply = told({})
        self._parts.door.clear(reply)
        return reply

    async def _ours(self, request: web.Request) -> Visitor:
        """Who asks for a change, from a page of ours. Raises Foreign, NotSignedIn."""
        origins.check(request, {self._parts.origin})
        return await self._parts.door.recognised(request)

    async def _reader(self, request: web.Request) -> Visitor:
        """Who asks for what is kept, when all of it is kept. Raises NotSignedIn."""
        visitor = await self._parts.door.recognised(request)
        await self._parts.conversations.settled(visitor.user)
        return visitor

    async def _breath(self, visitor: Visitor) -> None:
        """Return when the user may ask: a script is slowed down before it is refused.

        Raises: Throttled where that would take long.
        """
        while True:
            try:
                return self._parts.asks.take(visitor.user)
            except Throttled as wait:
                if wait.retry_after > 1 or self._waiting >= self._parts.limits.turns:
                    raise
                await self._wait(asyncio.sleep(wait.retry_after))

    async def _answered(self, talk: Conversation, ask: Ask) -> Ended:
        """The answer, in its turn. Raises Busy where that does not come soon."""
        while True:
            try:
                return await asyncio.shield(talk.ask(ask))
            except Busy:
                if self._waiting >= self._parts.limits.turns:
                    raise
                await self._wait(asyncio.wait_for(talk.turn(), self._parts.limits.turn))

    async def _wait(self, until: Awaitable[None]) -> None:
        self._waiting += 1
        try:
            await until
        except TimeoutError:
            raise Busy from None
        finally:
            self._waiting -= 1


def refusing(endpoint: Endpoint) -> Endpoint:
    """The endpoint, whose refusals are responses."""

    async def answering(request: web.Request) -> web.Response:
        try:
            return await endpoint(request)
        except REFUSED as why:
            return response_of(why)

    return answering


async def body(request: web.Request) -> Mapping[str, object]:
    """The JSON object that was sent. Raises WrongType, MessageError."""
    if request.content_type != "application/json":
        raise WrongType
    sent = await request.content.read(LONGEST_MESSAGE + 1)
    while len(sent) <= LONGEST_MESSAGE and (more := await request.content.read(LONGEST_MESSAGE)):
        sent += more
    if len(sent) > LONGEST_MESSAGE:
        raise MessageError(f"a body has at most {LONGEST_MESSAGE:,} bytes", "too_large")
    try:
        return members.object_of(sent.decode())
    except UnicodeDecodeError:
        raise MessageError("a body is JSON in UTF-8") from None


def words(request: web.Request, name: str) -> str:
    """A text of the query. Raises MessageError."""
    try:
        given: str = members.text(200)(request.query.get(name, ""))
    except ValueError as why:
        raise MessageError(f"`{name}` {why}") from None
    return given


def answered(ended: Ended) -> Answered:
    """The reply to a single question."""
    kept, refusal = ended.exchange, ended.exchange.refusal
    return Answered(
        kept.answer, kept.citations, refusal is not None, kept.followups, kept.id, kept.source,
        refusal.reason if refusal else "", refusal.suggestions if refusal else (),
    )  # fmt: skip


def told(reply: Any) -> web.Response:
    """A reply as JSON, kept by nobody on the way."""
    plain = reply if isinstance(reply, dict) else asdict(reply)
    return web.json_response(plain, headers=PRIVATE)
