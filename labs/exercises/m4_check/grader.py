"""What `check_answer` is put through: answers that open a line, and answers that only look so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from labs.exercises.asked import fits
from labs.exercises.m4_check import answers
from labs.exercises.m4_check.answers import Told
from labs.exercises.m4_check.dialling import LET_IN, RAISED, Complaint, Phone, parted
from labs.exercises.scenario import Scenario, Stage
from labs.websocket.head import Response


@dataclass(frozen=True, slots=True)
class Friends:
    """Answers that open a line; `bug` is the name of whoever turns one of them down."""

    bug: str
    answers: Callable[[Random], Told]
    strict: bool = False

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The bug when the bidder leaves a good line, or does not get as far."""
        fits(stage.given.check_answer, "check_answer", Response(101, "", ()), "")
        phone = Phone(stage, self.strict)
        for what, answer in self.answers(stage.rng):
            call = await phone.call(answer)
            if call.outcome != LET_IN:
                return self.bug, f"{what} opens a line, and {call.says}"
        return None


@dataclass(frozen=True, slots=True)
class Impostors:
    """Answers that open nothing; `bug` is the name of whoever believes one of them."""

    bug: str
    answers: Callable[[Random], Told]

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The bug when the bidder believes, or is stopped by another exception."""
        phone = Phone(stage)
        for what, answer in self.answers(stage.rng):
            call = await phone.call(answer)
            if call.outcome == RAISED:
                return "other_exception", f"{what} was to be refused, and {call.says}"
            if call.outcome == LET_IN:
                verdict = call.value is not None and not call.value
                bug = "returns_a_verdict" if verdict else self.bug
                return bug, f"{what} opens no line, and {call.says}"
        return None


def _scenario(name: str, did: str, program: Friends | Impostors, seeds: int = 4) -> Scenario:
    return Scenario(name, did, program, parted, "bidder", seeds)


SCENARIOS = (
    _scenario(
        "right answers",
        "auction answered six requests as RFC 6455 asks; the first key was the RFC's own.",
        Friends("turns_a_line_down", answers.plain, strict=True),
        seeds=10,
    ),
    _scenario(
        "other words",
        "auction answered 101 with other words behind it, then with none.",
        Friends("reads_the_reason", answers.reasons),
    ),
    _scenario(
        "names in another case",
        "A front end wrote the names of the fields in small letters; another one wrote each part "
        "with a capital.",
        Friends("names_by_case", answers.names),
    ),
    _scenario(
        "values in another case",
        "auction answered with `Upgrade: WebSocket` and `Connection: upgrade`.",
        Friends("values_by_case", answers.words),
    ),
    _scenario(
        "a list",
        "auction answered with `Connection: keep-alive, Upgrade`.",
        Friends("compared_whole", answers.lists),
    ),
    _scenario(
        "other statuses",
        "The three fields came with a 200, then with a 403; then came a page with a 200.",
        Impostors("status_unchecked", answers.other_statuses),
    ),
    _scenario(
        "no switch",
        "Three 101s came with the right accept value and without a switch to WebSocket.",
        Impostors("switch_unchecked", answers.no_switch),
    ),
    _scenario(
        "another key",
        "A cache played back a 101 that it had once seen; then a server gave the key back.",
        Impostors("accept_unchecked", answers.other_keys),
    ),
    _scenario(
        "no accept value",
        "A 101 came without an accept value, then one with an empty value.",
        Impostors("accept_missing", answers.no_value),
    ),
    _scenario(
        "small letters",
        "A 101 came whose accept value had been turned into small letters.",
        Impostors("accept_by_case", answers.other_case),
    ),
    _scenario(
        "more than the value",
        "A 101 came whose accept value had one letter more behind it, then one before it.",
        Impostors("accept_contains", answers.more_than_it),
    ),
    _scenario(
        "two values",
        "Two servers answered one request: a 101 came with two accept values, one of them right.",
        Impostors("accept_twice", answers.twice),
    ),
    _scenario(
        "a subprotocol",
        "A right 101 came with a subprotocol, and bidder had offered none.",
        Impostors("unoffered_subprotocol", answers.subprotocols),
    ),
    _scenario(
        "an extension",
        "A right 101 came with compression, and bidder had offered none.",
        Impostors("unoffered_extension", answers.extensions),
    ),
)
