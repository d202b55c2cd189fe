"""How an inbox is judged: what the bank may deliver, what the gateway may do, and every crash.

The order is that of the verdicts: each mistake is met by the check that is made for it.
"""

from __future__ import annotations

from labs.exercises.m14_inbox import crashes, lots, names, turns

SCENARIOS = (
    *names.SCENARIOS,
    *turns.SCENARIOS,
    *crashes.CRASHES,
    *turns.LATER,
    *crashes.TURNS,
    *lots.SCENARIOS,
    *crashes.UPDATES,
)
