# exercise: m6.reconnector
TICK = 0.1


class Reconnector:
    """Waits in steps of a tenth of a second, and looks after each whether it may go on."""

    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler
        self.failures, self.is_online, self.line = 0, False, None

    async def run(self):
        code = await self.attempt()
        while code not in (1000, 1008, 4401, 4403):
            longest = min(self.cap, self.base * 2**self.failures)
            due = self.clock.time() + self.rng.uniform(0, longest)
            if code == 1013:
                due += self.cap
            self.failures += 1
            self.is_online = False
            while self.clock.time() < due and not self.is_online:
                await self.clock.sleep(TICK)
            code = await self.attempt()

    async def attempt(self):
        try:
            line = await self.connect()
        except OSError:
            return 1006
        if self.line is None:
            line.on_message(self.handler)
        self.line = line
        began = self.clock.time()
        code = await line.wait_closed()
        if self.clock.time() - began > self.cap:
            self.failures = 0
        return code

    async def online(self):
        self.is_online = True
