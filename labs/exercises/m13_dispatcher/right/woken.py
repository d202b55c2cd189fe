# exercise: m13.dispatcher
import asyncio

from labs.webhook.delivery import (
    DEAD_LETTER,
    DELIVERED,
    DISABLED,
    WAITING,
    Outcome,
    delay,
    retry_after,
)


class Base:
    LIMIT = 5

    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng
        self.busy, self.wake = {}, asyncio.Event()


class Dispatcher(Base):
    """Woken by what is published and by what ends; a timer only for what others leave behind."""

    async def publish(self, change, event):
        with self.store.transaction():
            self.store.apply(change)
            self.store.add(event)
        self.wake.set()

    async def run(self):
        tasks = set()
        while True:
            self.wake.clear()
            for delivery in sorted(self.store.due(self.clock.time()), key=lambda d: -d.attempt):
                if lease := self.may_begin(delivery):
                    task = asyncio.create_task(self.go(delivery, lease))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            try:
                await asyncio.wait_for(self.wake.wait(), 0.9)
            except TimeoutError:
                pass

    def may_begin(self, delivery):
        lane = self.busy.setdefault(delivery.endpoint, set())
        if len(lane) >= self.LIMIT or self.store.ahead(delivery) or delivery.event_id in lane:
            return None
        try:
            lease = self.store.lease(delivery, self.clock.time() + 30)
        except self.store.Taken:
            return None
        lane.add(delivery.event_id)
        return lease

    async def go(self, delivery, lease):
        try:
            match await self.attempt(delivery):
                case (Outcome.ACCEPTED, _, answer):
                    self.put(delivery, DELIVERED, None, answer, lease)
                case (Outcome.GONE, _, answer):
                    self.store.disable(delivery.endpoint)
                    self.put(delivery, DISABLED, None, answer, lease)
                case (_, asked, answer) if delivery.attempt < 10:
                    wait = delay(delivery.attempt, self.rng, at_least=asked)
                    self.put(delivery, WAITING, self.clock.time() + wait, answer, lease)
                case (_, _, answer):
                    self.store.notify(delivery)
                    self.put(delivery, DEAD_LETTER, None, answer, lease)
        finally:
            self.busy[delivery.endpoint].discard(delivery.event_id)
            self.wake.set()

    def put(self, delivery, *mark):
        try:
            self.store.mark(delivery, *mark)
        except self.store.Taken:
            pass

    async def attempt(self, delivery):
        try:
            now = self.clock.time()
            reply = await self.http.post(delivery.endpoint, delivery.event_id, now, delivery.body)
        except (ConnectionError, TimeoutError):
            return Outcome.NO_ANSWER, 0, b""
        value = reply.headers.get("retry-after", "") if reply.status in (429, 503) else ""
        asked = retry_after(value, self.clock.time())
        return Outcome.of(reply.status), asked, await reply.read(1000)
