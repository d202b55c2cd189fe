"""Where knobs stand before Python runs: round, from end to end, and not too many."""

from math import prod

import pytest

from course.publish.stops import MOST, combinations, spread, stops
from labs.panel import Choice, Knob, Switch


@pytest.mark.parametrize(
    ("knob", "count", "expected"),
    [
        (Knob(20, 1, 90), 4, [1, 5, 20, 90]),
        (Knob(0, 0, 2, 0.1), 4, [0, 0.7, 1.3, 2]),
        (Knob(5, 1, 60), 1, [5]),
        (Knob(0.5, 0.5, 20, 0.5), 3, [0.5, 3, 20]),
        (Knob(3, 1, 3), 5, [1, 2, 3]),
    ],
)
def test_numbers_spread_over_their_range(knob, count, expected):
    """Both ends and the default are among them; over a wide range steps are ratios."""
    assert spread(knob, count) == expected


def test_what_an_author_gives_is_taken():
    """The default joins the stops that were given."""
    given = {"hours": Knob(54, 0, 80, 0.1, stops=(0, 3, 12))}
    assert stops(given) == {"hours": [0, 3, 12, 54]}


def test_choices_and_switches_have_all_their_positions():
    """No option of a list is missing, whatever the numbers have to give up for it."""
    controls = {
        "way": Choice("b", ("a", "b", "c")),
        "on": Switch(True),
        **{name: Knob(10, 0, 100) for name in "wxyz"},
    }
    found = stops(controls)
    assert list(found) == list(controls)
    assert (found["way"], found["on"]) == (["a", "b", "c"], [False, True])
    assert prod(map(len, found.values())) <= MOST
    assert all(10 in found[name] for name in "wxyz")


def test_combinations_turn_the_last_knob_first():
    """The page finds a turn by counting, in this order."""
    assert combinations({"a": [1, 2], "b": ["x", "y"]}) == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
