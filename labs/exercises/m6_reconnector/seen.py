"""What a run shows of a reconnector, in the words of a verdict: the first thing that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from labs.exercises.m6_reconnector.client import Attempt, Watched
from labs.exercises.verdict import Finding
from labs.messages import timeline
from labs.outcome import Run

SLACK = 0.25  # seconds: enough for somebody who looks at the clock ten times a second
AT_ONCE = 0.01  # seconds: whoever waits less has not waited

Check = Callable[[Run, Watched], Finding | None]


def look(*checks: Check) -> Callable[[Run], Finding | None]:
    """The first finding of these checks on a run, reconnector by reconnector."""

    def looking(run: Run) -> Finding | None:
        watched = run.result if isinstance(run.result, tuple) else (run.result,)
        found = (check(run, each) for each in watched if each for check in checks)
        return next(filter(None, found), None)

    return looking


def finding(run: Run, bug: str, says: str, time: float) -> Finding:
    """A finding at a moment, with the event of the picture that begins then, or the last before."""
    rows = [(row.time, row.number) for row in timeline(run.journal) if row.number]
    before = [number for at, number in rows if at < time - 1e-6]
    after = [number for at, number in rows if at >= time - 1e-6]
    number = next(iter(after[:1] or before[-1:]), None)
    return Finding(bug, says, number, round(time, 3))


def comes_back(run: Run, watched: Watched) -> Finding | None:
    """After each end but the last there is another attempt, and not in the same breath."""
    if not watched.attempts:
        return Finding("stays_away", "`connect()` was never called", time=round(run.time, 3))
    last = watched.attempts[-1]
    if last.over is not None and run.time - last.over > watched.cap + SLACK:
        return _silent(run, watched, last, last.over)
    waits = watched.waits()
    if len(waits) > 2 and all(wait < AT_ONCE for wait in waits[:3]):
        says = (
            f"Each attempt followed the end of the one before at once: there were "
            f"{len(watched.attempts)} within {watched.attempts[-1].began:.1f} s"
        )
        return finding(run, "no_backoff", says, watched.attempts[1].began)
    return None


def _silent(run: Run, watched: Watched, last: Attempt, over: float) -> Finding:
    """No attempt follows the last one, though the longest wait is over."""
    ended = f"its line had ended with {last.code}" if last.code else "it had failed"
    says = f"Attempt {len(watched.attempts)} was the last one: {ended} at {over:.1f} s"
    if watched.returned is not None:
        return finding(run, "stays_away", f"{says}, and `run()` returned", over)
    waited = f"and {run.time - over:.1f} s later `run()` still waited; `cap` is {watched.cap:g}"
    return finding(run, "past_cap", f"{says}, {waited}", over)


def within_the_formula(run: Run, watched: Watched) -> Finding | None:
    """No wait is longer than the formula allows, nor any longer than the cap."""
    waits = watched.waits()
    for number, wait in enumerate(waits):
        if wait > watched.cap + SLACK:
            says = f"{wait:.1f} s passed before attempt {number + 2}; `cap` is {watched.cap:g}"
            return finding(run, "past_cap", says, watched.attempts[number + 1].began)
    for number, wait in enumerate(waits):
        if wait > watched.ceiling(number) + SLACK:
            says = (
                f"{wait:.1f} s passed before attempt {number + 2}; with {_failures(number)} before "
                f"this one the wait may be {watched.ceiling(number):g} s at most"
            )
            return finding(run, "wrong_delay", says, watched.attempts[number + 1].began)
    return None


def _failures(number: int) -> str:
    return "1 failure" if number == 1 else f"{number or 'no'} failures"


def grows(bug: str) -> Check:
    """With a source that draws near the top, waits reach the cap; `bug` is not to grow."""

    def growing(run: Run, watched: Watched) -> Finding | None:
        waits = watched.waits()
        if waits and max(waits) < watched.cap / 4:
            longest = max(waits)
            says = (
                f"Attempt {len(watched.attempts)} came, and no wait had been longer than "
                f"{longest:.1f} s; `rng` draws near the top, `base` is {watched.base:g}, `cap` "
                f"{watched.cap:g}"
            )
            return finding(run, bug, says, watched.attempts[-1].began)
        return None

    return growing


def starts_again(run: Run, watched: Watched) -> Finding | None:
    """After a line that held for longer than `cap`, the wait is short."""
    for before, after in pairwise(watched.attempts):
        if before.opened is None or before.over is None:
            continue
        held, wait = before.over - before.opened, after.began - before.over
        if held > watched.cap and wait > watched.base + SLACK:
            says = (
                f"A line had held for {held:.0f} s, and after its end {wait:.1f} s passed before "
                f"the next attempt; `base` is {watched.base:g}"
            )
            return finding(run, "never_reset", says, after.began)
    return None


def waits_longer(run: Run, watched: Watched) -> Finding | None:
    """After 1013 the next attempt comes `cap` later than it otherwise would."""
    for before, after in pairwise(watched.attempts):
        if before.code == 1013 and before.over is not None:
            wait = after.began - before.over
            if wait < watched.cap:
                says = f"{wait:.1f} s after 1013 your client tried again; `cap` is {watched.cap:g}"
                return finding(run, "ignores_1013", says, after.began)
            if wait > 2 * watched.cap + SLACK:
                says = f"{wait:.1f} s passed after an end with 1013; `cap` is {watched.cap:g}"
                return finding(run, "wrong_delay", says, after.began)
    return None


def stops(run: Run, watched: Watched) -> Finding | None:
    """An end that asks to stay away is the end: no attempt, and run() returns."""
    first = watched.attempts[0] if watched.attempts else Attempt(0.0)
    if first.over is None or first.code is None:
        return None
    if len(watched.attempts) > 1:
        again = watched.attempts[1].began
        says = f"{again - first.over:.1f} s after an end with {first.code} your client tried again"
        return finding(run, "comes_back", says, again)
    if watched.returned is None or watched.returned > first.over + SLACK:
        says = f"Its line had ended with {first.code} at {first.over:.1f} s, and `run()` went on"
        return finding(run, "runs_on", says, first.over)
    return None


def one_line(run: Run, watched: Watched) -> Finding | None:
    """At no time are there two lines, or an attempt while there is one."""
    for number, attempt in enumerate(watched.attempts):
        for other, before in enumerate(watched.attempts[:number]):
            if before.over is not None and before.over <= attempt.began + 1e-9:
                continue
            has_line = before.opened is not None and before.opened <= attempt.began
            state = "had an open line" if has_line else "was still under way"
            says = f"Attempt {number + 1} began while attempt {other + 1} {state}"
            return finding(run, "two_lines", says, attempt.began)
    return None


def wakes_up(run: Run, watched: Watched) -> Finding | None:
    """`online()` ends the wait that is going on."""
    called = watched.called[0] if watched.called else run.time
    after = next((each for each in watched.attempts if each.began >= called - 1e-9), None)
    if after is None or after.began > called + SLACK:
        when = f"came at {after.began:.1f} s" if after else "never came"
        says = f"`online()` was called at {called:.1f} s in a long wait; the next attempt {when}"
        return finding(run, "ignores_online", says, called)
    return None


def shows_once(run: Run, watched: Watched) -> Finding | None:
    """Each message of each line reaches the handler, once."""
    sent = [message for message in run.messages if message.name == "text" and message.arrived]
    for message in sent:
        text = message.payload.decode()
        times = watched.shown.count(text)
        if times != 1:
            often = {0: "never saw", 2: "saw twice"}.get(times, f"saw {times} times")
            says = f"The handler {often} “{text}”"
            bug = "handler_twice" if times else "deaf"
            return Finding(bug, says, message.number, message.arrived)
    return None


def draws(run: Run, watched: Watched) -> Finding | None:
    """With a source that draws near 0, no wait is long."""
    for number, wait in enumerate(watched.waits()):
        drawn = 0.01 * watched.ceiling(number)
        endless = 0.01 * watched.base * 2**number
        if wait > drawn + SLACK and abs(wait - endless) < AT_ONCE:
            says = (
                f"`rng` draws a hundredth, and {wait:.1f} s passed before attempt {number + 2}: "
                f"that is a hundredth of {100 * endless:g} s, and `cap` is {watched.cap:g}"
            )
            return finding(run, "caps_the_draw", says, watched.attempts[number + 1].began)
        if wait > drawn + SLACK:
            says = (
                f"`rng` draws a hundredth of what is possible, here {drawn:.2f} s, and "
                f"{wait:.1f} s passed before attempt {number + 2}"
            )
            return finding(run, "own_randomness", says, watched.attempts[number + 1].began)
    return None
