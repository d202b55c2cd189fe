# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    shown, headers = None, {}
    while not stop.is_set():
        pause = interval
        try:
            answer = await fetch(headers)
        except OSError:
            answer = None
        if answer and answer.status == 200:
            tag = answer.headers.get("ETag")
            headers = {"If-None-Match": tag} if tag else {}
            if answer.body != shown:
                shown = answer.body
                yield shown
        elif answer and answer.status in (429, 503):
            pause = max(pause, float(answer.headers.get("Retry-After", 0)))
        await clock.sleep(pause)
