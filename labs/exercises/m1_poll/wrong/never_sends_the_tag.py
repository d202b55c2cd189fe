# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    started, shown, tag = clock.time(), None, None
    while not stop.is_set():
        pause = 0.0
        try:
            answer = await fetch({})
        except OSError:
            answer = None
        if answer and answer.status == 200:
            tag = answer.headers.get("ETag")
            if answer.body != shown:
                shown = answer.body
                yield shown
        elif answer and answer.status in (429, 503):
            pause = float(answer.headers.get("Retry-After", 0))
        earliest = clock.time() + pause
        ticks = (earliest - started) // interval + 1
        await clock.sleep(started + ticks * interval - clock.time())
