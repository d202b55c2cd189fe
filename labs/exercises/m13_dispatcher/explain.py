"""What a delivery's state says about what went wrong, when nothing else has been seen."""

from __future__ import annotations

from labs.exercises.m13_dispatcher.bench import Bench
from labs.exercises.m13_dispatcher.shelf import Row
from labs.exercises.m13_dispatcher.watch import said
from labs.webhook.delivery import DEAD_LETTER, DELIVERED, DISABLED, IN_FLIGHT, PENDING, WAITING


def explain(bench: Bench, name: str) -> None:
    """Why a delivery is not where it should be, by what the store and the wire say of it."""
    row, posts = bench.shelf.rows[name], [p for p in bench.posts if p.event_id == name]
    if not posts:
        bench.see("not_sent", f"{name} was due, and had not left: it was {state(row)}.")
        return
    after = f"{state(row)}, after {said(posts[-1].status)}"
    if row.state == WAITING:
        bench.see("off_schedule", f"{name} was {after}, until {row.due_at:,.1f} s.", name)
    elif row.state in (DEAD_LETTER, DISABLED):
        bench.see("gives_up_early", f"{name} was {after}.", name)
    else:
        bug = "marks_before_reply" if row.state == DELIVERED else "no_mark"
        ended = f"its attempt of {posts[-1].sent:g} s had come to {said(posts[-1].status)}"
        bench.see(bug, f"{name} was {state(row)}, and {ended}.", name)


def state(row: Row) -> str:
    """The row's state as it stands in a sentence."""
    names = {IN_FLIGHT: "under a lease", PENDING: "waiting for a first lease"}
    return names.get(row.state, f"marked {row.state}")
