"""Processes that die, that share a store, and that stop: what may be lost or come twice."""

from __future__ import annotations

from labs.exercises.m13_dispatcher.bench import Bench
from labs.exercises.m13_dispatcher.explain import state
from labs.exercises.m13_dispatcher.watch import Sighting
from labs.exercises.m13_dispatcher.wire import Answer
from labs.exercises.scenario import Stage
from labs.webhook.delivery import DELIVERED

STEPS = 12  # more than anybody needs for one event
WELL = Answer(200)


async def one_event(stage: Stage) -> Sighting | None:
    """A change is published, and its event arrives once."""
    bench = Bench(stage)
    auction = await bench.receiver("auction", lambda *_: WELL)
    worker = await bench.worker()
    worker.start()
    await bench.until(2.0)
    await worker.publish("payment 1", event := bench.event(1))
    if await bench.until(5.0):
        return bench.first
    if not auction.came:
        bench.see("not_sent", f"{event.id} had not left; {_run(worker.returned)}")
    elif "payment 1" not in bench.shelf.changes:
        says = f"{event.id} had left, and the store had no payment 1."
        bench.see("announces_unbooked", says, event.id)
    return await bench.until(40.0)


async def crash_in_publish(stage: Stage) -> Sighting | None:
    """The process dies at each step of publish in turn; then another one starts."""
    bench, ends = Bench(stage), {}
    auction = await bench.receiver("auction", lambda *_: WELL)
    for number in range(1, STEPS):
        worker = await bench.worker(dies_at=number)
        await worker.publish(f"payment {number}", event := bench.event(number))
        ends[number, event.id] = worker.process.died_before or "go on after publish"
        if not worker.process.dead:
            break
    worker.process.dead = True
    stage.world.note("the last process has died; another starts", "bank")
    (await bench.worker()).start()
    await bench.until(bench.now + 5.0)
    for (number, name), step in ends.items():
        booked, arrived = f"payment {number}" in bench.shelf.changes, name in auction.came
        if arrived and not booked:
            says = f"the store had no payment {number}, since its process had died before it could "
            says += f"{step}; and {name} had reached auction all the same."
            bench.see("announces_unbooked", says, name)
        elif booked and not arrived:
            says = f"the store had payment {number}, and no {name} had left in the 5 s since the "
            says += f"restart; the process of both had died before it could {step}."
            bench.see("loses_between", says)
    return bench.first


async def crash_in_run(stage: Stage) -> Sighting | None:
    """The process dies at each step of a delivery in turn; then another one starts."""
    auction = await Bench(stage).receiver("auction", lambda *_: WELL)
    tries = []
    for number in range(1, STEPS):
        bench, step = await _dies_at(stage, number)
        tries.append((bench, f"evt_{number}", step))
        if bench.first:
            return bench.first
        delivered = bench.shelf.rows[f"evt_{number}"].state == DELIVERED
        if not step or (delivered and f"evt_{number}" in auction.came):
            break
    stage.world.note("each process has died; others start", "bank")
    for bench, *_ in tries:
        (await bench.worker()).start()
    await bench.until(bench.now + 45.0)
    for bench, name, step in tries:
        _left_behind(bench, name, step, arrived=name in auction.came)
    return next((bench.first for bench, *_ in tries if bench.first), None)


async def _dies_at(stage: Stage, number: int) -> tuple[Bench, str]:
    """A bench whose worker dies at its step `number`, and what it could not do; at most 2 s."""
    bench = Bench(stage)
    bench.seed(number)
    worker = await bench.worker(dies_at=number)
    worker.start()
    for _ in range(8):
        if await bench.until(bench.now + 0.25) or worker.process.dead:
            break
    return bench, worker.process.died_before


def _left_behind(bench: Bench, name: str, step: str, *, arrived: bool) -> None:
    row = bench.shelf.rows[name]
    who = f"{name}, whose process had died before it could {step or 'go on'},"
    if row.lease is not None and row.lease.until > bench.now:
        says = f"{who} was still under its lease, until {row.lease.until:,.1f} s."
        bench.see("lease_too_long", says)
    elif not arrived:
        says = f"{who} was {state(row)}, and no POST of it had ever left."
        bench.see("marks_before_reply" if row.state == DELIVERED else "not_sent", says)


async def two_workers(stage: Stage) -> Sighting | None:
    """Two processes on one store, whose list of what is due is half a second old."""
    bench = Bench(stage)
    bench.shelf.lag = 0.5
    await bench.receiver("auction", lambda *_: Answer(after=stage.rng.choice([0.2, 0.3])))
    for _ in range(2):
        (await bench.worker()).start()
    for number in range(1, 5):
        bench.seed(number)
    return await bench.until(8.0)


async def stopped_worker(stage: Stage) -> Sighting | None:
    """A worker stops between the answer 500 and its mark; another one delivers meanwhile."""
    bench, wakes = Bench(stage), 45.0

    async def stops() -> None:
        if bench.now < 1.0:
            first.store.stopped_until = wakes
            stage.world.note("the first worker stops (its machine is moved)", "bank")
            await stage.clock.sleep(wakes - bench.now)
            stage.world.note("the first worker goes on", "bank")

    auction = await bench.receiver("auction", lambda _, times: Answer(500 if times == 1 else 200))
    first = await bench.worker(stops=stops)
    name = bench.seed(1)
    first.start()
    await bench.until(2.0)
    (await bench.worker()).start()
    await bench.until(wakes + 15.0)
    if not bench.first and len(auction.came[name]) > 2:
        _, second, third, *_ = auction.came[name]
        says = f"{name} had been delivered by the second worker at {second:g} s; the first woke at "
        says += f"{wakes:g} s, and at {third:g} s it came once more."
        bench.see("no_fencing", says, name)
    return bench.first


def _run(returned: float | None) -> str:
    return "run() was running." if returned is None else f"run() had come back at {returned:g} s."
