# exercise: m13.dispatcher
import asyncio
from datetime import timezone
from email.utils import parsedate_to_datetime

SCHEDULE = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)


def asked_for(value, now):
    try:
        return int(value)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value).replace(tzinfo=timezone.utc).timestamp() - now
    except (TypeError, ValueError):
        return 0


class Lane:
    """A queue and five workers; what is in it already is not put in again."""

    def __init__(self, handle):
        self.queue, self.inside = asyncio.Queue(), set()
        self.workers = [asyncio.ensure_future(self.work(handle)) for _ in range(5)]

    def offer(self, delivery):
        if delivery.event_id not in self.inside:
            self.inside.add(delivery.event_id)
            self.queue.put_nowait(delivery)

    async def work(self, handle):
        while True:
            delivery = await self.queue.get()
            try:
                await handle(delivery)
            finally:
                self.inside.discard(delivery.event_id)


class Dispatcher:
    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng
        self.lanes = {}

    def publish(self, change, event):
        with self.store.transaction():
            self.store.add(event)
            self.store.apply(change)
        return asyncio.sleep(0)

    async def run(self):
        try:
            while True:
                for delivery in self.store.due(now=self.clock.time()):
                    if delivery.endpoint not in self.lanes:
                        self.lanes[delivery.endpoint] = Lane(self.handle)
                    if not self.store.ahead(delivery):
                        self.lanes[delivery.endpoint].offer(delivery)
                await asyncio.sleep(0.05)
        finally:
            for lane in self.lanes.values():
                for worker in lane.workers:
                    worker.cancel()

    async def handle(self, delivery):
        try:
            lease = self.store.lease(delivery, until=self.clock.time() + 30)
        except self.store.Taken:
            return
        status, headers, kept = 0, {}, b""
        try:
            async with asyncio.timeout(14.9):
                reply = await self.http.post(
                    url=delivery.endpoint,
                    event_id=delivery.event_id,
                    timestamp=str(int(self.clock.time())),
                    body=delivery.body,
                )
            status, headers, kept = reply.status, reply.headers, await reply.read(256)
        except OSError:  # TimeoutError and ConnectionError are both of this family
            pass
        try:
            self.settle(delivery, status, headers, answer=kept, lease=lease)
        except self.store.Taken:
            pass

    def settle(self, delivery, status, headers, **more):
        now = self.clock.time()
        if status // 100 == 2:
            self.store.mark(delivery, "DELIVERED", **more)
        elif status == 410:
            self.store.mark(delivery, "DISABLED", **more)
            self.store.disable(delivery.endpoint)
        elif delivery.attempt >= len(SCHEDULE):
            self.store.mark(delivery, "DEAD LETTER", **more)
            self.store.notify(delivery)
        else:
            wait = SCHEDULE[delivery.attempt] * self.rng.uniform(0.8, 1.2)
            if status in (429, 503) and "retry-after" in headers:
                wait = max(wait, min(asked_for(headers["retry-after"], now), 86400))
            self.store.mark(delivery, "WAITING", now + wait, **more)
