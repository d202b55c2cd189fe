# exercise: m6.heartbeat
class Heartbeat:
    def __init__(self, line, clock, interval, timeout, idle=None):
        self.line, self.clock = line, clock
        self.interval, self.timeout, self.idle = interval, timeout, idle

    async def run(self):
        ...

    def pong(self, payload):
        ...

    def message(self, text):
        ...
