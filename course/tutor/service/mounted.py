"""A service put together: its parts, its routes, and what it does while it runs."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from course.tutor.accounts.door import Door
from course.tutor.protocol import SOCKET
from course.tutor.service.answerer import Answerer
from course.tutor.service.conversation import Means
from course.tutor.service.conversations import Conversations
from course.tutor.service.http import Endpoints
from course.tutor.service.limits import HOSTED, Limits
from course.tutor.service.parts import Parts
from course.tutor.service.quota import Quotas
from course.tutor.service.sockets import Sockets
from course.tutor.service.tickets import Tickets
from course.tutor.store import database
from course.tutor.store.history import History
from course.tutor.store.memory import Memory
from course.tutor.store.spending import Spending
from course.tutor.throttle import Buckets

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a service stands; clocks and secrets are arguments, so that a test can hold them."""

    origin: str
    panels: frozenset[str] = frozenset()
    limits: Limits = HOSTED
    now: Callable[[], float] = time.time
    clock: Callable[[], float] = time.monotonic
    new_secret: Callable[[], str] = secrets.token_urlsafe


class Service:
    """One tutor."""

    def __init__(
        self, setting: Setting, engine: AsyncEngine, door: Door, answerer: Answerer
    ) -> None:
        limits = setting.limits
        history = History(engine)
        quotas = Quotas(Spending(engine), limits.calls_per_user, limits.calls_per_day, setting.now)
        means = Means(answerer, history, quotas, Memory(engine), limits, setting.now)
        clock = setting.clock
        self.parts = Parts(
            origin=setting.origin,
            panels=setting.panels,
            door=door,
            conversations=Conversations(means),
            tickets=Tickets(setting.new_secret, clock, limits.ticket, limits.tickets),
            history=history,
            quotas=quotas,
            limits=limits,
            asks=Buckets(limits.asks_per_second, limits.asks_at_once, clock),
            mistakes=Buckets(limits.mistakes_per_second, limits.mistakes_at_once, clock),
            clock=clock,
        )
        self.sockets = Sockets(self.parts)
        self._endpoints = Endpoints(self.parts, self.sockets.recheck)

    def mount(self, app: web.Application) -> None:
        """Add the tutor to an application, which from then on also begins and ends it."""
        app.router.add_get(SOCKET, self.sockets.endpoint, allow_head=False)
        app.router.add_routes([*self._endpoints.routes(), *self.parts.door.routes()])
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._stop)

    async def _running(self, _: web.Application) -> AsyncIterator[None]:
        await self.parts.history.interrupted()
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.parts.limits.recheck)
            try:
                await self.sockets.recheck()
            except database.FAILED:
                log.exception("sessions could not be looked up; the next look is soon")
            await self.parts.conversations.sweep()

    async def _stop(self, _: web.Application) -> None:
        await self.parts.conversations.close()
        await self.sockets.close()
