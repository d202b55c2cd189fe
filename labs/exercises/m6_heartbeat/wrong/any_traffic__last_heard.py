# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.last_heard = clock.time()

    async def run(self):
        number = 0
        await self.clock.sleep(self.interval)
        while self.line.open:
            asked = self.clock.time()
            number += 1
            self.line.ping(f"beat {number}".encode())
            await self.clock.sleep(self.timeout)
            if self.line.open and self.last_heard < asked:
                self.line.close(1011)
            if self.line.open:
                await self.clock.sleep(self.interval - self.timeout)

    def pong(self, payload):
        self.last_heard = self.clock.time()

    def message(self, text):
        self.last_heard = self.clock.time()
