# exercise: m1.poll
import asyncio


async def poll(fetch, clock, interval, stop):
    shown, tag, news = None, None, asyncio.Queue()

    async def ask(headers):
        try:
            await news.put(await fetch(headers))
        except OSError:
            await news.put(None)

    async def tick():
        while not stop.is_set():
            asked.append(asyncio.create_task(ask({"If-None-Match": tag} if tag else {})))
            await clock.sleep(interval)
        await news.put(stop)

    asked = []
    asked.append(asyncio.create_task(tick()))
    try:
        while (answer := await news.get()) is not stop:
            if answer and answer.status == 200:
                tag = answer.headers.get("ETag")
                if answer.body != shown:
                    shown = answer.body
                    yield shown
    finally:
        for task in asked:
            task.cancel()
