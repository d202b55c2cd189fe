# exercise: m13.dispatcher
import asyncio
import json
from collections import Counter

from labs.webhook.delivery import Outcome, delay, retry_after
from labs.webhook.schedules import STANDARD_WEBHOOKS


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
                for each in self.store.due(self.clock.time()):
                    if self.under_way[each.endpoint] < 5 and not self.store.ahead(each):
                        try:
                            lease = self.store.lease(each, self.clock.time() + 30)
                        except self.store.Taken:
                            continue
                        self.under_way[each.endpoint] += 1
                        tasks.create_task(self.deliver(each, lease))
                await self.clock.sleep(0.5)

    async def deliver(self, each, lease):
        outcome, asked, answer = Outcome.NO_ANSWER, 0.0, b""
        try:
            now = self.clock.time()
            event = json.loads(each.body) | {"attempt": each.attempt}
            reply = await self.http.post(each.endpoint, each.event_id, now, json.dumps(event).encode())
            outcome = Outcome.of(reply.status)
            answer = await reply.read(1000)
            if reply.status in (429, 503):
                asked = retry_after(reply.headers.get("retry-after", ""), self.clock.time())
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self.under_way[each.endpoint] -= 1
        try:
            self.mark(each, lease, outcome, asked, answer)
        except self.store.Taken:
            pass                             # somebody else has it now, and knows better

    def mark(self, each, lease, outcome, asked, answer):
        if outcome is Outcome.ACCEPTED:
            self.store.mark(each, "DELIVERED", answer=answer, lease=lease)
        elif outcome is Outcome.GONE:
            self.store.disable(each.endpoint)
            self.store.mark(each, "DISABLED", answer=answer, lease=lease)
        elif each.attempt < len(STANDARD_WEBHOOKS.delays):
            wait = delay(each.attempt, self.rng, at_least=asked)
            self.store.mark(each, "WAITING", self.clock.time() + wait, answer, lease)
        else:
            self.store.mark(each, "DEAD LETTER", answer=answer, lease=lease)
            self.store.notify(each)
