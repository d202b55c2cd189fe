# exercise: m6.reconnector
import asyncio
from contextlib import suppress


class Reconnector:
    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler
        self.failures, self.line = 0, None
        self.wake = asyncio.Event()

    async def run(self):
        while True:
            code = 1006
            with suppress(OSError):
                line = await self.connect()
                if self.line is None:
                    self.line = line
                    line.on_message(self.handler)
                opened = self.clock.time()
                code = await line.wait_closed()
                if self.clock.time() - opened >= self.cap:
                    self.failures = 0
            if code in (1000, 1008, 4401, 4403):
                return
            delay = self.rng.uniform(0, min(self.cap, self.base * 2**self.failures))
            if code == 1013:
                delay += self.cap
            self.failures += 1

    def online(self):
        self.wake.set()
