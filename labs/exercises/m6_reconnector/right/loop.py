# exercise: m6.reconnector
import asyncio
from contextlib import suppress

FOR_GOOD = {1000, 1008, 4401, 4403}
BUSY = 1013


class Reconnector:
    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler
        self.failures = 0
        self.known = None
        self.wake = asyncio.Event()

    async def run(self):
        while True:
            code = await self.one_line()
            if code in FOR_GOOD:
                return
            delay = self.rng.uniform(0, min(self.cap, self.base * 2**self.failures))
            self.failures += 1
            await self.pause(delay + (self.cap if code == BUSY else 0))

    async def one_line(self):
        try:
            line = await self.connect()
        except OSError:
            return None
        if line is not self.known:
            self.known = line
            line.on_message(self.handler)
        opened = self.clock.time()
        code = await line.wait_closed()
        if self.clock.time() - opened >= self.cap:
            self.failures = 0
        return code

    async def pause(self, seconds):
        self.wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()

    def online(self):
        self.wake.set()
