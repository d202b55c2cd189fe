# exercise: m6.reconnector
import asyncio
from itertools import count


class Reconnector:
    """A table of codes, and a wait that somebody may cut short."""

    STAY_AWAY = (1000, 1008, 4401, 4403)

    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap = base, cap
        self.lines = self.listening(handler)
        self.waiting = None

    async def listening(self, handler):
        """One line after the other; the handler is added to the first."""
        for number in count():
            try:
                line = await self.connect()
            except OSError:
                yield None
                continue
            if handler is not None:
                line.on_message(handler)
                handler = None
            yield line

    async def run(self):
        failures = 0
        async for line in self.lines:
            extra = 0
            if line is not None:
                since = self.clock.time()
                code = await line.wait_closed()
                if code in self.STAY_AWAY:
                    break
                if self.clock.time() - since >= self.cap:
                    failures = 0
                extra = self.cap * (code == 1013)
            ceiling = min(self.cap, self.base * 2 ** min(failures, 40))
            failures += 1
            await self.sleep(extra + self.rng.random() * ceiling)

    async def sleep(self, seconds):
        self.waiting = asyncio.ensure_future(self.clock.sleep(seconds))
        await asyncio.wait([self.waiting])
        self.waiting = None

    def online(self):
        if self.waiting is not None:
            self.waiting.cancel()
