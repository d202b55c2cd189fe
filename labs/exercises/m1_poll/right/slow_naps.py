# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    """Yields each body that differs from the one before it; looks at `stop` very often."""
    start = clock.time()
    number, body, headers, rest = 0, None, {}, 0.0
    while True:
        due = start + number * interval
        while not stop.is_set() and clock.time() < due:
            await clock.sleep(min(interval / 40, due - clock.time()))
        if stop.is_set():
            break
        try:
            answer = await fetch(dict(headers))
        except OSError:
            answer = None
        rest = clock.time()
        if answer is not None:
            if answer.status in (429, 503):
                rest += float(answer.headers.get("Retry-After") or 0)
            if answer.status == 200:
                headers = {}
                if answer.headers.get("ETag"):
                    headers["If-None-Match"] = answer.headers["ETag"]
                if answer.body != body:
                    body = answer.body
                    yield body
        while start + number * interval <= max(rest, clock.time()):
            number += 1
