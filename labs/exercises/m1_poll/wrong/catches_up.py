# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    due, shown, tag, not_before = clock.time(), None, None, 0
    while not stop.is_set():
        if due >= not_before:
            try:
                answer = await fetch({"If-None-Match": tag} if tag else {})
            except OSError:
                answer = None
            if answer and answer.status == 200:
                tag = answer.headers.get("ETag")
                if answer.body != shown:
                    shown = answer.body
                    yield shown
            elif answer and answer.status in (429, 503):
                not_before = clock.time() + float(answer.headers.get("Retry-After", 0))
        due += interval
        await clock.sleep(max(0, due - clock.time()))
