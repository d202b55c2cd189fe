# exercise: m1.poll
import asyncio


async def poll(fetch, clock, interval, stop):
    """Yields each body that differs from the one before it; asks on while the page is busy."""
    bodies = asyncio.Queue()
    asking = asyncio.create_task(ask(fetch, clock, interval, stop, bodies))
    try:
        while (body := await bodies.get()) is not stop:
            yield body
    finally:
        asking.cancel()


async def ask(fetch, clock, interval, stop, bodies):
    first, tag, last, not_before = clock.time(), None, None, 0.0
    while not stop.is_set():
        try:
            answer = await fetch({"If-None-Match": tag} if tag else {})
            if answer.status == 200:
                tag = answer.headers.get("ETag")
                if answer.body != last:
                    bodies.put_nowait(answer.body)
                last = answer.body
            elif answer.status in (429, 503):
                not_before = clock.time() + float(answer.headers.get("Retry-After", 0))
        except OSError:
            pass
        gone = max(clock.time(), not_before) - first
        await clock.sleep(first + (gone // interval + 1) * interval - clock.time())
    bodies.put_nowait(stop)
