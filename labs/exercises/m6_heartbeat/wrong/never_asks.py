# exercise: m6.heartbeat
class Heartbeat:
    """Believes that the other end will say something now and then."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.patience = interval + timeout
        self.last_heard = clock.time()

    async def run(self):
        while self.line.open:
            await self.clock.sleep(1)
            if self.clock.time() - self.last_heard > 100 * self.patience:
                self.line.close(1011)

    def pong(self, payload):
        self.last_heard = self.clock.time()

    def message(self, text):
        self.last_heard = self.clock.time()
