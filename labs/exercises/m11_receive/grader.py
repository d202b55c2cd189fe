"""How a receiver is judged: payments that must not get lost, and what must not get in.

The order is that of the verdicts: each mistake is met by the check that is made for it.
"""

from __future__ import annotations

from labs.exercises.m11_receive import payments, strangers

SCENARIOS = (*payments.SCENARIOS, *strangers.SCENARIOS)
