"""Moments and lengths of time, in the words of pictures and text twins."""

from __future__ import annotations


def clock(time: float) -> str:
    """A moment: seconds with milliseconds, from 10,000 s on hours, minutes and seconds."""
    if time < 10_000:
        return f"{time:.3f} s"
    minutes, seconds = divmod(round(time), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02} h"


def span(seconds: float) -> str:
    """A quiet stretch in the unit that suits its length."""
    number, unit = length(seconds).split(" ")
    return f"{number} quiet {'seconds' if unit == 's' else unit}"


def length(seconds: float) -> str:
    """A length of time in the unit that suits it: 20 s, 18.1 s, 21.6 hours."""
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    exact = f"{seconds:.1f}".removesuffix(".0") if seconds < 100 else f"{seconds:.0f}"
    return f"{exact} s"
