# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.interval = min(interval, idle / 2) if idle else interval
        self.timeout = timeout
        self.number, self.unanswered = 0, None

    async def run(self):
        await self.clock.sleep(self.interval)
        if self.line.open:
            self.number += 1
            self.unanswered = str(self.number).encode()
            self.line.ping(self.unanswered)
            await self.clock.sleep(self.timeout)
            if not self.line.open:
                return
            if self.unanswered is not None:
                self.line.close(1011)
                return
            await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        if payload == self.unanswered:
            self.unanswered = None

    def message(self, text):
        pass
