# exercise: m6.reconnector
class Reconnector:
    def __init__(self, connect, clock, rng, base, cap, handler):
        self.connect, self.clock, self.rng = connect, clock, rng
        self.base, self.cap, self.handler = base, cap, handler

    async def run(self):
        ...

    def online(self):
        ...
