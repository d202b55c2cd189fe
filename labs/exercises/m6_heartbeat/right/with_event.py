# exercise: m6.heartbeat
import asyncio
import struct


class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.period = interval if idle is None else min(interval, 0.4 * idle)
        self.asked = 0
        self.answered = asyncio.Event()

    async def run(self):
        due = self.clock.time() + self.period
        while True:
            await self.clock.sleep(due - self.clock.time())
            if not self.line.open:
                break
            due += self.period
            if not await self.ask():
                if self.line.open:
                    await self.line.close(1011)
                break

    async def ask(self):
        self.asked += 1
        self.answered.clear()
        await self.line.ping(self.payload())
        try:
            async with asyncio.timeout(self.timeout):
                await self.answered.wait()
        except TimeoutError:
            return False
        return True

    def payload(self):
        return struct.pack("!Q", self.asked)

    async def pong(self, payload):
        if payload == self.payload():
            self.answered.set()

    async def message(self, text):
        """Proves one direction only."""
