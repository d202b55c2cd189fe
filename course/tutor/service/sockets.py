"""The WebSocket endpoint: who may open one, what a message does, when it is closed.

A browser tells a page nothing about a handshake that was refused, so the socket is opened and
closed at once with a code that says why; nothing is read from it before.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from course.server.signin import NotSignedIn
from course.tutor import codes
from course.tutor.accounts.door import Visitor
from course.tutor.members import MessageError
from course.tutor.protocol import (
    SUBPROTOCOL,
    Ask,
    Error,
    Feedback,
    Resume,
    Stop,
    Up,
    formatted,
    parse_up,
)
from course.tutor.service import origins
from course.tutor.service.conversation import Conversation
from course.tutor.service.parts import Parts
from course.tutor.service.reader import Reader
from course.tutor.service.refusals import REFUSED, Foreign, error_of
from course.tutor.throttle import Throttled

CLOSE_WITHIN = 2.0  # seconds for the peer's half of the closing handshake
STOPS = "the tutor stops"
NO_SESSION = "sign in, and get a new ticket"


@dataclass(frozen=True, slots=True, eq=False)
class Socket:
    """One open socket."""

    peer: web.WebSocketResponse
    visitor: Visitor
    talk: Conversation
    reader: Reader


class Sockets:
    """The open sockets of one service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._open: defaultdict[int, set[Socket]] = defaultdict(set)
        self._stopping = False

    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        """One socket, from its handshake to its end."""
        offered = request.headers.get("Sec-WebSocket-Protocol")
        if offered is not None and SUBPROTOCOL not in map(str.strip, offered.split(",")):
            return web.Response(status=400, text=f"This tutor speaks {SUBPROTOCOL}.\n")
        peer = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,), heartbeat=self._parts.limits.heartbeat, compress=False,
            max_msg_size=self._parts.limits.largest, timeout=CLOSE_WITHIN,
        )  # fmt: skip
        await peer.prepare(request)
        try:
            origins.check(request, {self._parts.origin, *self._parts.panels})
            visitor = self._parts.tickets.redeem(request.query.get("ticket", ""))
            talk = await self._parts.conversations.of(visitor.user)
            await self._parts.door.still(visitor)  # the last thing that is waited for
        except Foreign:
            await close(peer, codes.FORBIDDEN, "this page is not on the list")
        except NotSignedIn:
            await close(peer, codes.UNAUTHENTICATED, NO_SESSION)
        else:
            await self._admit(request, peer, visitor, talk)
        return peer

    async def _admit(
        self,
        request: web.Request,
        peer: web.WebSocketResponse,
        visitor: Visitor,
        talk: Conversation,
    ) -> None:
        if self._stopping:
            await close(peer, codes.GOING_AWAY, STOPS)
            return
        if len(self._open[visitor.user]) >= self._parts.limits.sockets:
            await close(peer, codes.TOO_MANY, "too many sockets of one user")
            return
        reader = Reader(peer.send_str, giving_up(request, peer), self._parts.limits.slow)
        socket = Socket(peer, visitor, talk, reader)
        self._open[visitor.user].add(socket)
        talk.connect(reader)
        try:
            await self._hear(socket)
        except Throttled:
            await close(peer, codes.TOO_MANY, "too many mistakes: come back later")
        finally:
            talk.cut(reader)
            self._open[visitor.user].discard(socket)
            if not self._open[visitor.user]:
                del self._open[visitor.user]

    async def _hear(self, socket: Socket) -> None:
        """Obey what the peer sends until it goes. Raises Throttled after too many mistakes."""
        async for message in socket.peer:
            if message.type is WSMsgType.ERROR:
                return  # not WebSocket any more, or too large to be read; it is closed already
            about = None
            try:
                if message.type is not WSMsgType.TEXT:
                    raise MessageError("a message is text, not binary")
                up = parse_up(message.data)
                about = None if isinstance(up, Resume) else up.id
                await self._obey(socket, up)
            except REFUSED as why:
                await send(socket.peer, error_of(why, about))
                self._parts.mistakes.take(socket.visitor.user)

    async def _obey(self, socket: Socket, message: Up) -> None:
        user = socket.visitor.user
        match message:
            case Ask():
                self._parts.asks.take(user)
                socket.talk.ask(message, socket.reader)
            case Stop(ask_id):
                socket.talk.stop(ask_id)
            case Resume(last_seq):
                socket.talk.resume(socket.reader, last_seq)
            case Feedback(ask_id, vote, reason):
                await socket.talk.settled()
                await self._parts.history.judge(user, ask_id, vote, reason)

    async def recheck(self) -> None:
        """Close the sockets of sessions that have ended."""
        for socket in self._all():
            try:
                await self._parts.door.still(socket.visitor)
            except NotSignedIn:
                await close(socket.peer, codes.UNAUTHENTICATED, NO_SESSION)

    async def close(self) -> None:
        """Close every socket, and those that are just being opened: the service stops."""
        self._stopping = True
        await asyncio.gather(
            *(close(socket.peer, codes.GOING_AWAY, STOPS) for socket in self._all())
        )

    def _all(self) -> list[Socket]:
        return [socket for sockets in self._open.values() for socket in sockets]


async def send(peer: web.WebSocketResponse, error: Error) -> None:
    """Send an error to a socket that may be gone by now."""
    with contextlib.suppress(ConnectionError):
        await peer.send_str(formatted(error))


async def close(peer: web.WebSocketResponse, code: int, reason: str) -> None:
    """Close a socket that may be gone by now."""
    with contextlib.suppress(ConnectionError, TimeoutError, RuntimeError):
        await peer.close(code=code, message=reason.encode())


def giving_up(request: web.Request, peer: web.WebSocketResponse) -> Callable[[], Awaitable[None]]:
    """What ends a socket whose reader is too slow: it is told, and then it is cut."""

    async def give_up() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await close(peer, codes.TRY_AGAIN_LATER, "slower than the buffer is long")
        if request.transport is not None:
            request.transport.abort()

    return give_up
