# exercise: m6.heartbeat
class Heartbeat:
    """Looks for the last pong when the next ping is due."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.unanswered = 0, None

    async def run(self):
        while True:
            await self.clock.sleep(self.interval)
            if not self.line.open:
                return
            if self.unanswered is not None:
                self.line.close(1011)
                return
            self.number += 1
            self.unanswered = b"%d" % self.number
            self.line.ping(self.unanswered)

    def pong(self, payload):
        if payload == self.unanswered:
            self.unanswered = None

    def message(self, text):
        pass
