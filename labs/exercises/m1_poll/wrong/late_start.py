# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    started, shown, tag, not_before = clock.time(), None, None, 0.0
    while not stop.is_set():
        earliest = max(clock.time(), not_before)
        ticks = (earliest - started) // interval + 1
        await clock.sleep(started + ticks * interval - clock.time())
        if stop.is_set():
            return
        try:
            answer = await fetch({"If-None-Match": tag} if tag else {})
        except OSError:
            continue
        if answer.status == 200:
            tag = answer.headers.get("ETag")
            if answer.body != shown:
                shown = answer.body
                yield shown
        elif answer.status in (429, 503):
            not_before = clock.time() + float(answer.headers.get("Retry-After", 0))
