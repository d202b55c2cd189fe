# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.unanswered = 0, None

    async def run(self):
        self.beating = asyncio.create_task(self.beat())
        while self.line.open:
            await self.clock.sleep(0.1)

    async def beat(self):
        await self.clock.sleep(self.interval)
        while True:
            if self.line.open:
                self.number += 1
                self.unanswered = b"%d" % self.number
                self.line.ping(self.unanswered)
            await self.clock.sleep(self.timeout)
            if self.unanswered is not None and self.line.open:
                self.line.close(1011)
            await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        if payload == self.unanswered:
            self.unanswered = None

    def message(self, text):
        pass
