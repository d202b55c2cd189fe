"""m13.dispatcher: in which situations a dispatcher is put, and what is looked at afterwards.

The order matters: each mistake is met first by the scenario that was made for it.
"""

from __future__ import annotations

from typing import Any

from labs.exercises.m13_dispatcher import answers, crashes, neighbours
from labs.exercises.m13_dispatcher.watch import look
from labs.exercises.scenario import Scenario


def _scenario(name: str, did: str, program: Any) -> Scenario:
    return Scenario(name, did, program, look, at="auction", seeds=3)


SCENARIOS = (
    _scenario(
        "one event",
        "We let run() run, and after 2 s published a change with its event, evt_1 for auction. "
        "auction answers 200.",
        crashes.one_event,
    ),
    _scenario(
        "every crash point of publish",
        "We let the process die at each step of publish() in turn, with a payment and an event of "
        "its own each time; the last one dies after it. Then a fresh process runs.",
        crashes.crash_in_publish,
    ),
    _scenario(
        "a second try",
        "At 10 s evt_1 is due. auction answers 500 to its first attempt and 200 to its second.",
        answers.second_try,
    ),
    _scenario(
        "every crash point of a delivery",
        "We let the process die at each step of a delivery in turn, each time with a store and an "
        "event of its own. Then fresh processes run, for 45 seconds.",
        crashes.crash_in_run,
    ),
    _scenario(
        "a redirect",
        "evt_1 is due. auction answers 307 with Location: http://gateway/admin.",
        answers.redirect,
    ),
    _scenario(
        "order by key",
        "Six deliveries wait for gateway: evt_1 and evt_2 of lot 1, evt_3 and evt_4 of lot 2, "
        "evt_5 of lot 3, evt_6 without a key. evt_1 is at its last attempt and always gets 500; "
        "evt_3 gets 500 once.",
        neighbours.order,
    ),
    _scenario(
        "a failing neighbour",
        "Eight deliveries to gateway are answered 500 at once. At 2 s three for auction are due, "
        "which is well.",
        neighbours.failing_neighbour,
    ),
    _scenario(
        "a slow neighbour",
        "Twenty deliveries to gateway take 13 or 14 s each; those to auction, which is quick, are "
        "due at 0, 3 and 20 s.",
        neighbours.slow_neighbour,
    ),
    _scenario(
        "ten attempts",
        "Ten deliveries are due, at attempt 1 to 10. auction answers 500 to each.",
        answers.schedule,
    ),
    _scenario(
        "asked to wait",
        "Four deliveries are due. auction answers 503 or 429 with Retry-After: 120, 3600, a date "
        "ten minutes after the beginning, and ten years.",
        answers.asked_to_wait,
    ),
    _scenario(
        "every kind of answer",
        "Eight deliveries are due. auction answers 202, 204, 400, 404, 500, resets a connection "
        "and is silent once; gateway refuses connections.",
        answers.all_answers,
    ),
    _scenario(
        "a huge answer",
        "evt_1 is due. auction answers 200, and the body of its answer has 1,000,000,000 bytes.",
        answers.huge_answer,
    ),
    _scenario(
        "two workers",
        "Two processes run on one store. Their list of what is due comes from a copy that may be "
        "half a second old; leases and marks do not.",
        crashes.two_workers,
    ),
    _scenario(
        "a worker that was stopped",
        "One process stops between an answer 500 and its mark, until 45 s. Another one runs "
        "beside it from 2 s on; auction answers 200 to the second attempt.",
        crashes.stopped_worker,
    ),
    _scenario(
        "gone, and mended",
        "Three deliveries to gateway are answered 410. At 5 s we publish evt_4 for gateway; at "
        "20 s it is mended and enabled again.",
        neighbours.gone,
    ),
)
