# exercise: m6.heartbeat
TICK = 0.1


class Heartbeat:
    """Looks at the clock ten times a second: late by a tick at most, and right."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.interval = min(interval, (idle or 2 * interval) / 2)
        self.timeout = timeout
        self.sent, self.waiting_since = [], None

    async def run(self):
        last = self.clock.time()
        while self.line.open:
            now = self.clock.time()
            if self.waiting_since is not None and now - self.waiting_since >= self.timeout:
                self.line.close(1011)
            elif now - last >= self.interval:
                last = self.waiting_since = now
                self.sent.append(f"beat {len(self.sent)}".encode())
                self.line.ping(self.sent[-1])
            await self.clock.sleep(TICK)

    def pong(self, payload):
        if self.sent and payload == self.sent[-1]:
            self.waiting_since = None

    def message(self, text):
        return None
