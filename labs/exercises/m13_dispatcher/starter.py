# exercise: m13.dispatcher
class Dispatcher:
    def __init__(self, clock, http, store, rng):
        self.clock, self.http, self.store, self.rng = clock, http, store, rng

    async def publish(self, change, event):
        ...

    async def run(self):
        ...
