# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.sent = self.outstanding = 0

    async def run(self):
        await self.clock.sleep(self.interval)
        while self.line.open:
            self.sent += 1
            self.outstanding += 1
            self.line.ping(self.sent.to_bytes(4, "big"))
            await self.clock.sleep(self.timeout)
            if self.outstanding > 0 and self.line.open:
                self.line.close(1011)
                return
            if self.line.open:
                await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        self.outstanding -= 1

    def message(self, text):
        pass
