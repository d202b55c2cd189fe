"""One endpoint and its answers: what each of them means for the next attempt."""

from __future__ import annotations

from labs.exercises.m13_dispatcher.bench import Bench
from labs.exercises.m13_dispatcher.explain import explain
from labs.exercises.m13_dispatcher.watch import LAST, Sighting
from labs.exercises.m13_dispatcher.wire import Answer
from labs.exercises.scenario import Stage
from labs.webhook.delivery import DEAD_LETTER, DELIVERED, IN_FLIGHT, WAITING
from labs.webhook.schedules import STANDARD_WEBHOOKS

DELAYS = STANDARD_WEBHOOKS.delays
ASKED = {  # Retry-After, what it asks for, and the bug of who waits less
    "120": 120.0,
    "3600": 3600.0,
    "Thu, 01 Jan 1970 00:10:00 GMT": 600.0,
    "315360000": 86400.0,
}
WAYS = {
    "evt_1": Answer(202),
    "evt_2": Answer(204, size=0),
    "evt_3": Answer(400),
    "evt_4": Answer(404),
    "evt_5": Answer(500),
    "evt_6": Answer(way="resets"),
    "evt_7": Answer(way="silent"),
}


async def second_try(stage: Stage) -> Sighting | None:
    """The first answer is 500, the second 200."""
    bench = Bench(stage)
    auction = await bench.receiver("auction", lambda _, times: Answer(500 if times == 1 else 200))
    (await bench.worker()).start()
    await bench.until(10.0)
    name = bench.seed(1)
    if not await bench.until(18.0):
        came = auction.came.get(name, [])
        if len(came) < 2:
            explain(bench, name)
        elif came[1] - came[0] < 0.7 * DELAYS[1]:
            gap = came[1] - came[0]
            bench.see("off_schedule", f"{name} had left twice, {gap:.1f} s apart.", name)
    return bench.first


async def redirect(stage: Stage) -> Sighting | None:
    """The answer is 307, and its Location is another machine."""
    bench = Bench(stage)
    elsewhere = {"Location": "http://gateway/admin"}
    await bench.receiver("auction", lambda *_: Answer(307, elsewhere))
    await bench.receiver("gateway", lambda *_: Answer(200))
    name = bench.seed(1)
    (await bench.worker()).start()
    if not await bench.until(3.0) and bench.shelf.rows[name].state != WAITING:
        explain(bench, name)
    return bench.first


async def schedule(stage: Stage) -> Sighting | None:
    """Every answer is 500, at each attempt from the first to the last."""
    bench = Bench(stage)
    await bench.receiver("auction", lambda *_: Answer(500))
    for attempt in range(1, LAST + 1):
        bench.seed(attempt, attempt=attempt)
    (await bench.worker()).start()
    if await bench.until(3.0):
        return bench.first
    spread = set()
    for attempt, row in enumerate(bench.shelf.rows.values(), 1):
        name = row.event.id
        if row.state == DEAD_LETTER and name not in bench.shelf.notified:
            says = f"{name} was a dead letter, and the customer knew nothing of it."
            bench.see("parks_silently", says, name)
        elif row.state != (WAITING if attempt < LAST else DEAD_LETTER):
            explain(bench, name)
        elif attempt < LAST:
            planned, waits = DELAYS[attempt], row.due_at - (row.marked_at or 0.0)
            spread.add(round(waits / planned, 3))
            if not 0.8 * planned - 1 <= waits <= 1.2 * planned + 1:
                says = f"{name} had failed at attempt {attempt} and was to wait {waits:,.1f} s."
                bench.see("off_schedule", says, name)
    if len({ratio for ratio in spread if ratio}) < LAST // 2:
        ratio = max(spread, default=0.0)
        says = f"nearly all of {LAST - 1} waits were the schedule's delay times {ratio:g}."
        bench.see("no_jitter", says, "evt_9")
    return bench.first


async def asked_to_wait(stage: Stage) -> Sighting | None:
    """Four answers 429 or 503 with Retry-After: seconds, a date, ten years."""
    bench, values = Bench(stage), list(ASKED)

    def answers(name: str, _: int) -> Answer:
        number = int(name.removeprefix("evt_")) - 1
        return Answer(429 if number % 2 else 503, {"Retry-After": values[number]})

    await bench.receiver("auction", answers)
    names = [bench.seed(number) for number in range(1, len(values) + 1)]
    (await bench.worker()).start()
    if await bench.until(3.0):
        return bench.first
    for name, (value, asked) in zip(names, ASKED.items(), strict=True):
        row = bench.shelf.rows[name]
        waits = row.due_at - (row.marked_at or 0.0)
        if row.state != WAITING:
            explain(bench, name)
        elif waits < asked - 2 - bench.now * (value[0] == "T"):
            says = f"{name} was told Retry-After: {value}, and was to wait {waits:,.1f} s."
            bench.see("ignores_retry_after", says, name)
        elif waits > 1.25 * asked + 2:
            says = f"{name} was told Retry-After: {value}, and was to wait {waits:,.0f} s."
            bench.see("waits_ten_years", says, name)
    return bench.first


async def all_answers(stage: Stage) -> Sighting | None:
    """Success in two forms, refusals, a reset, silence, and a machine that refuses connections."""
    bench = Bench(stage)
    await bench.receiver("auction", lambda name, _: WAYS[name])
    stage.world.host("gateway")
    stage.world.refuse("gateway")
    names = [bench.seed(number) for number in range(1, len(WAYS) + 1)]
    names.append(bench.seed(8, "gateway"))
    (await bench.worker()).start()
    for name in names:
        if await bench.until(18.0 if name == "evt_7" else 3.0):
            return bench.first
        if bench.shelf.rows[name].state == IN_FLIGHT or not bench.shelf.rows[name].marked_at:
            explain(bench, name)
    return bench.first


async def huge_answer(stage: Stage) -> Sighting | None:
    """The answer is 200, and its body has a gigabyte."""
    bench = Bench(stage)
    await bench.receiver("auction", lambda *_: Answer(size=1_000_000_000))
    name = bench.seed(1)
    (await bench.worker()).start()
    if not await bench.until(3.0) and bench.shelf.rows[name].state != DELIVERED:
        explain(bench, name)
    return bench.first
