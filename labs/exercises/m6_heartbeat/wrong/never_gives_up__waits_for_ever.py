# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.answered = 0, asyncio.Event()

    async def run(self):
        due = self.clock.time() + self.interval
        while self.line.open:
            await self.clock.sleep(due - self.clock.time())
            if not self.line.open:
                return
            due += self.interval
            self.number += 1
            self.answered.clear()
            self.line.ping(self.payload())
            await self.answered.wait()
            if not self.answered.is_set():
                self.line.close(1011)

    def payload(self):
        return f"{self.number}".encode()

    def pong(self, payload):
        if payload == self.payload():
            self.answered.set()

    def message(self, text):
        pass
