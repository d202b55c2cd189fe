# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.waiting = False

    async def run(self):
        await self.clock.sleep(self.interval)
        while self.line.open:
            self.waiting = True
            self.line.ping(b"")
            await self.clock.sleep(self.timeout)
            if not self.line.open:
                return
            if self.waiting:
                self.line.close(1011)
                return
            await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        if payload == b"":
            self.waiting = False

    def message(self, text):
        pass
