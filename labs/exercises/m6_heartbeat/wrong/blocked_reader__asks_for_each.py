# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number = 0
        self.waiting = {}

    async def run(self):
        due = self.clock.time() + self.interval
        while self.line.open:
            await self.clock.sleep(due - self.clock.time())
            due += self.interval
            if self.line.open:
                await self.ask()

    async def ask(self):
        self.number += 1
        payload = b"%d" % self.number
        answered = self.waiting[payload] = asyncio.get_running_loop().create_future()
        self.line.ping(payload)
        done, _ = await asyncio.wait([answered], timeout=self.timeout)
        del self.waiting[payload]
        if not done and self.line.open:
            self.line.close(1011)

    def pong(self, payload):
        if payload in self.waiting and not self.waiting[payload].done():
            self.waiting[payload].set_result(None)

    async def message(self, text):
        await self.ask()  # is the one who says this still there?
