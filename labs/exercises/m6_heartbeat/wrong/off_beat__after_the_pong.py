# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.answered = 0, asyncio.Event()

    async def run(self):
        while self.line.open:
            await self.clock.sleep(self.interval)
            if not self.line.open:
                return
            self.number += 1
            self.answered.clear()
            self.line.ping(b"%d" % self.number)
            try:
                await asyncio.wait_for(self.answered.wait(), self.timeout)
            except TimeoutError:
                if self.line.open:
                    self.line.close(1011)
                return

    def pong(self, payload):
        if payload == b"%d" % self.number:
            self.answered.set()

    def message(self, text):
        pass
