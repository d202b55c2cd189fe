"""The engine of a lifecycle."""

import pytest

from labs.errors import IllegalMove
from labs.lifecycle import Lifecycle

DOOR = Lifecycle("a door", {("OPEN", "close"): "SHUT", ("SHUT", "lock"): "LOCKED"})


def test_move_is_one_look_up():
    """The table says what comes next."""
    assert DOOR.move("OPEN", "close") == "SHUT"
    assert DOOR.states() == ("OPEN", "SHUT", "LOCKED")
    assert DOOR.events("SHUT") == ("lock",)


@pytest.mark.parametrize(
    ("state", "event", "says"),
    [
        ("OPEN", "lock", "a door that is OPEN cannot take 'lock'; it can take 'close'"),
        ("LOCKED", "close", "a door that is LOCKED cannot take 'close'; this is the end"),
    ],
)
def test_illegal_move_is_a_sentence(state, event, says):
    """What the table does not have is our own error, with what is possible instead."""
    with pytest.raises(IllegalMove) as caught:
        DOOR.move(state, event)

    assert str(caught.value) == says


def test_lesson_adds_moves():
    """More moves make another lifecycle; the first is as it was."""
    hinged = DOOR.with_moves({("SHUT", "open"): "OPEN"})

    assert hinged.move("SHUT", "open") == "OPEN"
    assert DOOR.events("SHUT") == ("lock",)
