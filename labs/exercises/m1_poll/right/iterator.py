# exercise: m1.poll
def poll(fetch, clock, interval, stop):
    """Something that can be iterated over; there is no generator in it."""
    return Page(fetch, clock, interval, stop)


class Page:
    def __init__(self, fetch, clock, interval, stop):
        self.fetch, self.clock, self.interval, self.stop = fetch, clock, interval, stop
        self.due = self.body = self.tag = None
        self.quiet = 0.0

    def __aiter__(self):
        return self

    async def __anext__(self):
        while True:
            await self.next_tick()
            if self.stop.is_set():
                raise StopAsyncIteration
            before = self.body
            await self.ask()
            if self.body != before:
                return self.body

    async def next_tick(self):
        now = self.clock.time()
        if self.due is None:
            self.due = now
            return
        while self.due <= max(now, self.quiet):
            self.due += self.interval
        await self.clock.sleep(self.due - now)

    async def ask(self):
        try:
            answer = await self.fetch({"If-None-Match": self.tag} if self.tag else {})
        except OSError:
            return
        if answer.status == 200:
            self.body, self.tag = answer.body, answer.headers.get("ETag")
        elif "Retry-After" in answer.headers:
            self.quiet = self.clock.time() + float(answer.headers["Retry-After"])
