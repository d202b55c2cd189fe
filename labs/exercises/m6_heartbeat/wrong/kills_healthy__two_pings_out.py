# exercise: m6.heartbeat
class Heartbeat:
    """Compares with the ping that is to come next, not with the one that is out."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.alive = 0, True

    async def run(self):
        await self.clock.sleep(self.interval)
        while self.line.open:
            self.alive = False
            self.line.ping(b"%d" % self.number)
            self.number += 1
            await self.clock.sleep(self.timeout)
            if not self.line.open:
                return
            if not self.alive:
                self.line.close(1011)
                return
            await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        self.alive = self.alive or payload == b"%d" % self.number

    def message(self, text):
        pass
