# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    """Yields each body that differs from the one before it."""
    quiet, tag, last = [0.0], None, None
    async for _ in ticks(clock, interval, stop, quiet):
        try:
            answer = await fetch({"If-None-Match": tag} if tag else None)
        except OSError:
            continue
        match answer.status:
            case 200:
                tag = answer.headers.get("ETag")
                if answer.body != last:
                    last = answer.body
                    yield last
            case 429 | 503:
                quiet[0] = clock.time() + float(answer.headers.get("Retry-After", 0))


async def ticks(clock, interval, stop, quiet):
    """Something at each tick, from now on, but nothing before the moment in `quiet`."""
    start = clock.time()
    while not stop.is_set():
        yield
        passed = max(clock.time(), quiet[0]) - start
        await clock.sleep(start + (int(passed / interval) + 1) * interval - clock.time())
