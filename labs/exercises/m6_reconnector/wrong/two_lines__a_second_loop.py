# exercise: m6.reconnector
import asyncio


class Reconnector:
    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler
        self.failures, self.line, self.is_open = 0, None, False

    async def run(self):
        while not self.is_open:
            try:
                line = await self.connect()
            except OSError:
                await self.pause(1006)
                continue
            if self.line is None:
                line.on_message(self.handler)
            self.line, self.is_open = line, True
            opened = self.clock.time()
            code = await line.wait_closed()
            self.is_open = False
            if self.clock.time() - opened >= self.cap:
                self.failures = 0
            if code in (1000, 1008, 4401, 4403):
                return
            await self.pause(code)

    async def pause(self, code):
        delay = self.rng.uniform(0, min(self.cap, self.base * 2**self.failures))
        self.failures += 1
        await self.clock.sleep(delay + (self.cap if code == 1013 else 0))

    def online(self):
        if not self.is_open:
            self.loop = asyncio.ensure_future(self.run())
