# exercise: m6.heartbeat
import asyncio


class Heartbeat:
    """A watchdog of interval + timeout, which each ping winds up again."""

    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock, self.timeout = line, clock, timeout
        self.interval = min(interval, idle / 2) if idle else interval
        self.number, self.watchdog = 0, None

    async def run(self):
        await self.clock.sleep(self.interval)
        while self.line.open:
            self.number += 1
            self.line.ping(b"%d" % self.number)
            if self.watchdog:
                self.watchdog.cancel()
            loop = asyncio.get_running_loop()
            self.watchdog = loop.call_later(self.interval + self.timeout, self.give_up)
            await self.clock.sleep(self.interval)
        if self.watchdog:
            self.watchdog.cancel()

    def give_up(self):
        if self.line.open:
            self.line.close(1011)

    def pong(self, payload):
        if self.watchdog and payload == b"%d" % self.number:
            self.watchdog.cancel()

    def message(self, text):
        pass
