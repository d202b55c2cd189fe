# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.payload = 0, None
        self.answered = asyncio.Event()
        self.answered.set()

    async def run(self):
        due = self.clock.time() + self.interval
        while True:
            await self.clock.sleep(due - self.clock.time())
            if not self.line.open:
                return
            due += self.interval
            self.number += 1
            self.payload = f"{self.number}".encode()
            self.answered.clear()
            self.line.ping(self.payload)
            try:
                await asyncio.wait_for(self.answered.wait(), self.timeout)
            except TimeoutError:
                if self.line.open:
                    self.line.close(1011)
                return

    async def pong(self, payload):
        if payload == self.payload:
            self.answered.set()

    async def message(self, text):
        await self.answered.wait()  # a message counts once we know that the line is alive
