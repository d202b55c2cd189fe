# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.sent = set()
        self.answered = asyncio.Event()

    async def run(self):
        due = self.clock.time() + self.interval
        while True:
            await self.clock.sleep(due - self.clock.time())
            if not self.line.open:
                return
            due += self.interval
            payload = f"{len(self.sent)}".encode()
            self.sent.add(payload)
            self.answered.clear()
            self.line.ping(payload)
            try:
                await asyncio.wait_for(self.answered.wait(), self.timeout)
            except TimeoutError:
                if self.line.open:
                    self.line.close(1011)
                return

    def pong(self, payload):
        if payload in self.sent:
            self.answered.set()

    def message(self, text):
        pass
