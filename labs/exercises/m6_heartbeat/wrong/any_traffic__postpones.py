# exercise: m6.heartbeat
class Heartbeat:
    """Asks only when the line has been quiet."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.quiet_since = clock.time()
        self.number, self.unanswered = 0, None

    async def run(self):
        self.quiet_since = self.clock.time()
        while self.line.open:
            quiet = self.clock.time() - self.quiet_since
            if quiet < self.interval:
                await self.clock.sleep(self.interval - quiet)
                continue
            self.number += 1
            self.unanswered = b"%d" % self.number
            self.quiet_since = self.clock.time()
            self.line.ping(self.unanswered)
            await self.clock.sleep(self.timeout)
            if self.unanswered and self.line.open:
                self.line.close(1011)

    def pong(self, payload):
        if payload == self.unanswered:
            self.unanswered = None

    def message(self, text):
        self.quiet_since = self.clock.time()
