# exercise: m13.dispatcher
import asyncio
from collections import Counter

from labs.webhook.delivery import DELIVERY, IN_FLIGHT, Outcome, delay, event_of, retry_after


class Dispatcher:
    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng
        self.under_way = Counter()

    async def publish(self, change, event):
        with self.store.transaction():
            self.store.apply(change)
            self.store.add(event)

    async def run(self):
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self.clock.sleep(0.5)
                for each in self.store.due(self.clock.time()):
                    if self.under_way.total() < 5 and not self.store.ahead(each):
                        self.under_way[each.endpoint] += 1
                        tasks.create_task(self.deliver(each))

    async def deliver(self, each):
        try:
            lease = self.store.lease(each, self.clock.time() + 30)
            outcome, wait, answer = await self.attempt(each)
            state = DELIVERY.move(IN_FLIGHT, event_of(outcome, each.attempt))
            self.store.mark(each, state, self.clock.time() + wait, answer, lease)
            if state == "DISABLED":
                self.store.disable(each.endpoint)
            if state == "DEAD LETTER":
                self.store.notify(each)
        except self.store.Taken:
            pass
        finally:
            self.under_way[each.endpoint] -= 1

    async def attempt(self, each):
        try:
            now = self.clock.time()
            reply = await self.http.post(each.endpoint, each.event_id, now, each.body)
        except (TimeoutError, ConnectionError):
            return Outcome.NO_ANSWER, self.wait(each, "", now), b""
        asked = reply.headers.get("retry-after", "") if reply.status in (429, 503) else ""
        return Outcome.of(reply.status), self.wait(each, asked, now), await reply.read(1000)

    def wait(self, each, asked, now):
        return delay(min(each.attempt, 9), self.rng, at_least=retry_after(asked, now))
