# exercise: m13.dispatcher
import asyncio
from email.utils import parsedate_to_datetime

WAITS = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
DAY = 86400


def wanted(headers, now):
    """Seconds that Retry-After asks for, in either of its forms."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return int(value)
    try:
        return parsedate_to_datetime(value).timestamp() - now
    except (TypeError, ValueError):
        return 0


class Dispatcher:
    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng
        self.lanes, self.known = {}, {}

    async def publish(self, change, event):
        with self.store.transaction():
            self.store.add(event)
            self.store.apply(change)

    async def run(self):
        while True:
            for delivery in self.store.due(self.clock.time()):
                task = self.known.get(delivery.event_id)
                if task is None or task.done():
                    self.known[delivery.event_id] = asyncio.create_task(self.in_lane(delivery))
            await asyncio.sleep(0.2)

    async def in_lane(self, delivery):
        lane = self.lanes.setdefault(delivery.endpoint, asyncio.Semaphore(5))
        async with lane:
            if self.store.ahead(delivery):
                return
            try:
                lease = self.store.lease(delivery, self.clock.time() + 30)
                state, next_at, kept = await self.attempt(delivery)
                self.store.mark(delivery, state, next_at, kept, lease=lease)
            except self.store.Taken:
                return
            if state == "DISABLED":
                self.store.disable(delivery.endpoint)
            if state == "DEAD LETTER":
                self.store.notify(delivery)

    async def attempt(self, delivery):
        asked, kept = 0, b""
        try:
            reply = await self.http.post(
                delivery.endpoint, delivery.event_id, int(self.clock.time()), delivery.body
            )
            kept = await reply.read(1000)
            if 200 <= reply.status < 300:
                return "DELIVERED", None, kept
            if reply.status == 410:
                return "DISABLED", None, kept
            if reply.status in (429, 503):
                asked = min(wanted(reply.headers, self.clock.time()), DAY)
        except (TimeoutError, ConnectionError):
            pass
        if delivery.attempt > len(WAITS):
            return "DEAD LETTER", None, kept
        wait = WAITS[delivery.attempt - 1] * (0.8 + 0.4 * self.rng.random())
        return "WAITING", self.clock.time() + max(wait, asked), kept
