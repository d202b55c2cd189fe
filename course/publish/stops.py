"""Where the knobs of a panel can stand on a page that has no Python yet.

Every position of a choice or a switch; of a number the stops that its author gave, else a few
from low to high with the default among them. All combinations together stay within a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log, log10, prod
from typing import Any

from labs.panel import Choice, Control, Knob, Switch

MOST = 96  # turns of a panel, unless its choices alone are more
ROUND = (1, 2, 3, 5, 8, 10)  # what one likes to turn a knob to, times a power of ten
WIDE = 20  # from here on, high / low, steps are ratios


def stops(controls: Mapping[str, Control]) -> dict[str, list[Any]]:
    """The stops of each knob, in order."""
    fixed = {name: given for name, each in controls.items() if (given := _given(each))}
    free = {name: each for name, each in controls.items() if isinstance(each, Knob)}
    free = {name: knob for name, knob in free.items() if name not in fixed}
    counts = _shared(free, MOST // prod(map(len, fixed.values())))
    return {
        name: fixed[name] if name in fixed else spread(free[name], counts[name])
        for name in controls
    }


def spread(knob: Knob, count: int) -> list[float]:
    """About so many round positions of a number, from end to end; the default is one of them."""
    if count == 1:
        return [_plain(knob.default)]
    scale = _by_ratio if knob.low > 0 and knob.high / knob.low >= WIDE else _by_difference
    between = [scale(knob, at / (count - 1)) for at in range(1, count - 1)]
    found = [knob.low, *(_on_a_step(knob, value) for value in between), knob.high]
    order = log if scale is _by_ratio else float
    nearest = min(range(len(found)), key=lambda at: abs(order(found[at]) - order(knob.default)))
    found[nearest] = knob.default
    return sorted({_plain(value) for value in found})


def _given(control: Control) -> list[Any]:
    if isinstance(control, Choice):
        return list(control.options)
    if isinstance(control, Switch):
        return [False, True]
    return sorted(map(_plain, {*control.stops, control.default})) if control.stops else []


def _shared(free: Mapping[str, Knob], most: int) -> dict[str, int]:
    """How many stops each number gets: one more for the poorest, as long as all are affordable."""
    counts = dict.fromkeys(free, 1)
    while True:
        for name in sorted(counts, key=lambda each: counts[each]):
            more = {**counts, name: counts[name] + 1}
            if counts[name] < _positions(free[name]) and prod(more.values()) <= most:
                counts = more
                break
        else:
            return counts


def _positions(knob: Knob) -> int:
    return round((knob.high - knob.low) / knob.step) + 1


def _by_difference(knob: Knob, part: float) -> float:
    return float(f"{knob.low + (knob.high - knob.low) * part:.2g}")


def _by_ratio(knob: Knob, part: float) -> float:
    value = knob.low * (knob.high / knob.low) ** part
    power = 10.0 ** floor(log10(value))
    return min((each * power for each in ROUND), key=lambda each: abs(each - value))


def _on_a_step(knob: Knob, value: float) -> float:
    steps = round((value - knob.low) / knob.step)
    return min(knob.low + steps * knob.step, knob.high)


def _plain(value: float) -> float:
    """Without what binary fractions leave behind; whole where it is whole."""
    exact = round(value, 9)
    return int(exact) if exact == int(exact) else exact


def combinations(all_stops: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every combination; the last knob turns first."""
    found: list[dict[str, Any]] = [{}]
    for name, values in all_stops.items():
        found = [{**before, name: value} for before in found for value in values]
    return found
