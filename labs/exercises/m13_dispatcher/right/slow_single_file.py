# exercise: m13.dispatcher
import asyncio

from labs.webhook.delivery import DELIVERY, IN_FLIGHT, Outcome, delay, event_of, retry_after


class Dispatcher:
    """One worker an endpoint, one delivery at a time: slow, and nothing in the contract forbids it."""

    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng
        self.workers = {}

    async def publish(self, change, event):
        with self.store.transaction():
            self.store.apply(change)
            self.store.add(event)

    async def run(self):
        while True:
            for delivery in self.store.due(self.clock.time()):
                if delivery.endpoint not in self.workers:
                    work = self.serve(delivery.endpoint)
                    self.workers[delivery.endpoint] = asyncio.create_task(work)
            await self.clock.sleep(0.3)

    async def serve(self, endpoint):
        while True:
            due = [d for d in self.store.due(self.clock.time()) if d.endpoint == endpoint]
            for delivery in due:
                if not self.store.ahead(delivery):
                    await self.handle(delivery)
            await self.clock.sleep(0.6)

    async def handle(self, delivery):
        try:
            lease = self.store.lease(delivery, self.clock.time() + 30)
        except self.store.Taken:
            return
        outcome, asked, kept = await self.attempt(delivery)
        state = DELIVERY.move(IN_FLIGHT, event_of(outcome, delivery.attempt))
        next_at = None
        if state == "WAITING":
            wait = delay(delivery.attempt, self.rng, at_least=asked)
            next_at = self.clock.time() + wait
        try:
            self.store.mark(delivery, state, next_at=next_at, answer=kept, lease=lease)
        except self.store.Taken:
            return
        if state == "DISABLED":
            self.store.disable(delivery.endpoint)
        if state == "DEAD LETTER":
            self.store.notify(delivery)

    async def attempt(self, delivery):
        try:
            reply = await self.http.post(
                delivery.endpoint, delivery.event_id, self.clock.time(), delivery.body
            )
        except TimeoutError:
            return Outcome.NO_ANSWER, 0.0, b""
        except ConnectionError:
            return Outcome.UNREACHABLE, 0.0, b""
        asked = 0.0
        if reply.status in (429, 503):
            asked = retry_after(reply.headers.get("retry-after", ""), self.clock.time())
        return Outcome.of(reply.status), asked, await reply.read(500)
