"""The life of a connection."""

import pytest

from labs.errors import IllegalMove
from labs.websocket.lifecycle import (
    CLOSED,
    CLOSING,
    CONNECTING,
    CONNECTION,
    HEARTBEAT,
    LIVE_CONNECTION,
    OPEN,
    RECONNECTING,
)


def walk(lifecycle, state, *events):
    """The state after all the events."""
    for event in events:
        state = lifecycle.move(state, event)
    return state


def test_five_steps_of_a_connection():
    """Handshake, messages, close frames, and the end."""
    assert (
        walk(
            CONNECTION,
            CONNECTING,
            "101 and its accept are right",
            "message either way",
            "close frame sent",
            "both close frames, TCP ends",
        )
        == CLOSED
    )


def test_silence_is_no_event_without_a_heartbeat():
    """A connection has no step for a peer that fell silent, until pings are sent."""
    assert not [event for event in CONNECTION.events(OPEN) if "pong" in event or "time" in event]
    assert walk(LIVE_CONNECTION, OPEN, "ping sent", "no pong in time: 1011") == CLOSING
    assert walk(LIVE_CONNECTION, OPEN, "ping sent", "its pong arrives") == OPEN


def test_heartbeat_only_adds():
    """With a heartbeat a connection can do all it could, and the heartbeat's steps."""
    assert {**CONNECTION.moves, **HEARTBEAT} == LIVE_CONNECTION.moves


@pytest.mark.parametrize("lifecycle", [CONNECTION, LIVE_CONNECTION, RECONNECTING])
def test_every_state_is_reached_and_can_end(lifecycle):
    """From the first state every other is reached, and from every state the end."""
    states = lifecycle.states()
    ends = {state for state in states if not lifecycle.events(state)}

    assert reached(lifecycle, states[0]) == set(states)
    assert all(reached(lifecycle, state) & ends for state in states)


def test_closed_is_the_end():
    """Nothing happens to a closed connection; coming back means a new one."""
    with pytest.raises(IllegalMove, match="a connection that is CLOSED cannot take 'ping sent'"):
        CONNECTION.move(CLOSED, "ping sent")


def reached(lifecycle, start):
    """Every state that some walk from `start` visits."""
    found, new = set(), {start}
    while new:
        found |= new
        new = {to for (state, _), to in lifecycle.moves.items() if state in found} - found
    return found
