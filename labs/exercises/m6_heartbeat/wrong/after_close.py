# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.unanswered = 0, None

    async def run(self):
        while True:
            await self.clock.sleep(self.interval - (self.timeout if self.number else 0))
            self.number += 1
            self.unanswered = b"%d" % self.number
            self.line.ping(self.unanswered)
            await self.clock.sleep(self.timeout)
            if self.unanswered is not None:
                self.line.close(1011)
                return

    def pong(self, payload):
        if payload == self.unanswered:
            self.unanswered = None

    def message(self, text):
        pass
