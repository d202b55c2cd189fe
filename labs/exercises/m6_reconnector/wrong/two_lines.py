# exercise: m6.reconnector
import asyncio


class Reconnector:
    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler
        self.failures, self.line = 0, None

    async def run(self):
        while True:
            code = await self.attempt()
            if code in (1000, 1008, 4401, 4403):
                return
            delay = self.rng.uniform(0, min(self.cap, self.base * 2**self.failures))
            self.failures += 1
            await self.clock.sleep(delay + (self.cap if code == 1013 else 0))

    async def attempt(self):
        try:
            line = await self.connect()
        except OSError:
            return 1006
        if self.line is None:
            self.line = line
            line.on_message(self.handler)
        opened = self.clock.time()
        code = await line.wait_closed()
        if self.clock.time() - opened >= self.cap:
            self.failures = 0
        return code

    def online(self):
        self.again = asyncio.ensure_future(self.attempt())  # no need to wait any longer
