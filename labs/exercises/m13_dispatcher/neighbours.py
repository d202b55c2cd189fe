"""Several deliveries at once: neighbours that fail, are slow, have an order, or are gone."""

from __future__ import annotations

from labs.exercises.m13_dispatcher.bench import Bench
from labs.exercises.m13_dispatcher.explain import explain
from labs.exercises.m13_dispatcher.watch import LAST, SOON, Sighting
from labs.exercises.m13_dispatcher.wire import Answer
from labs.exercises.scenario import Stage
from labs.webhook.delivery import DEAD_LETTER, DELIVERED

WELL = Answer(200)


async def order(stage: Stage) -> Sighting | None:
    """Three keys at one endpoint: one has a hopeless head, one stumbles, one is well."""
    bench = Bench(stage)
    hopeless, stumbles = "evt_1", "evt_3"
    gateway = await bench.receiver(
        "gateway",
        lambda name, times: Answer(
            500 if name == hopeless or (name == stumbles and times == 1) else 200
        ),
    )
    bench.seed(1, "gateway", "lot 1", attempt=LAST)
    for number, key in enumerate(("lot 1", "lot 2", "lot 2", "lot 3", ""), 2):
        bench.seed(number, "gateway", key)
    (await bench.worker()).start()
    for names, time in ((("evt_5", "evt_6"), SOON), (("evt_2",), 4.0), (("evt_4",), 12.0)):
        if await bench.until(time):
            return bench.first
        for name in names:
            if name not in gateway.came:
                _blocked(bench, name)
    if bench.shelf.rows[hopeless].state == DEAD_LETTER and not bench.shelf.notified:
        says = f"{hopeless} was a dead letter, and the customer had not been told."
        bench.see("parks_silently", says, hopeless)
    return bench.first


async def failing_neighbour(stage: Stage) -> Sighting | None:
    """Eight deliveries to gateway fail at once; auction is well."""
    bench = Bench(stage)
    await bench.receiver("gateway", lambda *_: Answer(500))
    auction = await bench.receiver("auction", lambda *_: WELL)
    for number in range(1, 9):
        bench.seed(number, "gateway")
    (await bench.worker()).start()
    if await bench.until(2.0):
        return bench.first
    late = [bench.seed(number) for number in (11, 12, 13)]
    if not await bench.until(2.0 + SOON) and (
        missing := [n for n in late if n not in auction.came]
    ):
        says = f"{missing[0]} for auction had not left. It was due at 2 s; gateway had failed."
        bench.see("global_breaker", says)
    return bench.first


async def slow_neighbour(stage: Stage) -> Sighting | None:
    """Twenty deliveries to gateway take 13 or 14 seconds each; auction is quick."""
    bench, slow = Bench(stage), stage.rng.choice([13.0, 14.0])
    await bench.receiver("gateway", lambda *_: Answer(after=slow))
    auction = await bench.receiver("auction", lambda *_: WELL)
    for number in range(1, 26):
        bench.seed(number, "gateway" if number < 21 else "auction")
    (await bench.worker()).start()
    for due, number in ((0.0, 21), (3.0, 31), (20.0, 32)):
        if await bench.until(due):
            return bench.first
        if due:
            bench.seed(number, "auction")
        if not await bench.until(due + SOON) and f"evt_{number}" not in auction.came:
            busy = sum(post.ended is None for post in bench.posts)
            says = f"evt_{number} for auction, due at {due:g} s, had not left. "
            each = "POSTs to gateway were" if busy != 1 else "POST to gateway was"
            bench.see("shared_pool", f"{says}{busy} {each} under way, {slow:g} s each.")
    return await bench.until(5 * slow)


async def gone(stage: Stage) -> Sighting | None:
    """gateway answers 410; an hour later, in this world 20 s, somebody mends and enables it."""
    bench, mended = Bench(stage), False
    gateway = await bench.receiver("gateway", lambda *_: Answer(200 if mended else 410))
    names = [bench.seed(number, "gateway") for number in (1, 2, 3)]
    worker = await bench.worker()
    worker.start()
    await bench.until(5.0)
    await worker.publish("payment 4", bench.event(4, "gateway"))
    before = {name: len(times) for name, times in gateway.came.items()}
    if await bench.until(20.0):
        return bench.first
    for name, times in gateway.came.items():
        if len(times) > before.get(name, 0):
            says = f"{name} had left for gateway at {times[-1]:g} s, 5 s and more after its 410."
            bench.see("ignores_gone", says, name)
    mended = True
    stage.world.note("gateway is mended, and enabled again", "gateway")
    bench.shelf.enable("http://gateway/")
    if await bench.until(25.0):
        return bench.first
    for name in (*names, "evt_4"):
        row = bench.shelf.rows.get(name)
        if row is None or row.state != DELIVERED:
            found = f"was marked {row.state}" if row else "was nowhere in the store"
            says = f"{name} {found}, 5 s after gateway was enabled again."
            bench.see("drops_events", says)
    return bench.first


def _blocked(bench: Bench, name: str) -> None:
    row = bench.shelf.rows[name]
    if bench.shelf.ahead(name):
        head = next(r for r in bench.shelf.rows.values() if r.event.key == row.event.key)
        explain(bench, head.event.id)
    key = f"{name} of {row.event.key}" if row.event.key else f"{name}, which has no key,"
    says = f"{key} had not left, and nothing that it must follow was unfinished."
    bench.see("blocked_by_poison", says)
