"""The life of a WebSocket connection, as one end of it knows it (RFC 6455 4.1, 7.1).

An end knows only what it was told. When the other end falls silent, nothing happens here, and
the state stays OPEN: only a clock can end that, which is what HEARTBEAT adds.
"""

from __future__ import annotations

from labs.lifecycle import Lifecycle

CONNECTING, OPEN, CLOSING, CLOSED = "CONNECTING", "OPEN", "CLOSING", "CLOSED"
WAITING = "WAITING"  # still OPEN to the application; a ping of ours is unanswered
BACKING_OFF, GIVEN_UP = "BACKING OFF", "GIVEN UP"

CONNECTION = Lifecycle(
    "a connection",
    {
        (CONNECTING, "101 and its accept are right"): OPEN,
        (CONNECTING, "handshake refused"): CLOSED,
        (CONNECTING, "handshake takes too long"): CLOSED,
        (CONNECTING, "TCP ends"): CLOSED,
        (OPEN, "message either way"): OPEN,
        (OPEN, "close frame sent"): CLOSING,
        (OPEN, "close frame arrives"): CLOSING,
        (OPEN, "peer breaks the protocol"): CLOSING,
        (OPEN, "TCP ends"): CLOSED,
        (CLOSING, "both close frames, TCP ends"): CLOSED,
        (CLOSING, "close takes too long"): CLOSED,
    },
)

HEARTBEAT = {
    (OPEN, "ping sent"): WAITING,
    (WAITING, "its pong arrives"): OPEN,
    (WAITING, "close frame sent"): CLOSING,
    (WAITING, "close frame arrives"): CLOSING,
    (WAITING, "no pong in time: 1011"): CLOSING,
    (WAITING, "TCP ends"): CLOSED,
}

LIVE_CONNECTION = Lifecycle(
    "a connection with a heartbeat",
    {
        **{key: to for key, to in CONNECTION.moves.items() if key[0] in (CONNECTING, OPEN)},
        **HEARTBEAT,
        **{key: to for key, to in CONNECTION.moves.items() if key[0] == CLOSING},
    },
)

RECONNECTING = Lifecycle(
    "a client that reconnects",
    {
        (CONNECTING, "handshake succeeds"): OPEN,
        (CONNECTING, "attempt fails"): BACKING_OFF,
        (CONNECTING, "refused for good: 401, 403"): GIVEN_UP,
        (OPEN, "stable for a while: reset the delay"): OPEN,
        (OPEN, "connection lost: 1001, 1006, 1011 ..."): BACKING_OFF,
        (OPEN, "closed for good: 1000, 1008 ..."): GIVEN_UP,
        (BACKING_OFF, "delay with jitter is over"): CONNECTING,
        (BACKING_OFF, "user leaves"): GIVEN_UP,
    },
)
