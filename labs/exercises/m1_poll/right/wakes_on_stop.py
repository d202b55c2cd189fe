# exercise: m1.poll
import asyncio
from itertools import count


async def poll(fetch, clock, interval, stop):
    """Yields each body that differs from the one before it."""
    last = Held()
    for moment in ticks(clock.time(), interval):
        if moment < max(clock.time() - 0.001, last.not_before):
            continue
        if await stopped(clock, moment - clock.time(), stop):
            return
        try:
            answer = await fetch(last.condition())
        except OSError:
            continue
        if answer.status == 200 and last.takes(answer):
            yield answer.body
        elif answer.status in {429, 503} and "Retry-After" in answer.headers:
            last.not_before = clock.time() + int(answer.headers["Retry-After"])


class Held:
    """What the page has: a body and its tag."""

    def __init__(self):
        self.body = self.tag = None
        self.not_before = 0.0

    def condition(self):
        return {} if self.tag is None else {"If-None-Match": self.tag}

    def takes(self, answer):
        new, self.body = answer.body != self.body, answer.body
        self.tag = answer.headers.get("ETag")
        return new


def ticks(start, interval):
    for number in count():
        yield start + number * interval


async def stopped(clock, seconds, stop):
    """Whether `stop` was set before so many seconds had passed."""
    waits = [asyncio.ensure_future(one) for one in (clock.sleep(seconds), stop.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return stop.is_set()
