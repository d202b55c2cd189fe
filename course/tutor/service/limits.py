"""Every number of the service, in one place."""

from dataclasses import dataclass

from course.tutor.protocol import LONGEST_MESSAGE


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds. These are for a hosted tutor; `AT_HOME` is for one's own machine."""

    heartbeat: float = 25.0  # between pings; no pong within half of it ends the socket
    recheck: float = 30.0  # between looks whether the sessions of open sockets still last
    ticket: float = 30.0  # how long a ticket can be used
    tickets: int = 16  # unused ones of one user
    sockets: int = 8  # of one user
    asks_per_second: float = 10.0
    asks_at_once: float = 60.0
    mistakes_per_second: float = 2.0  # messages that are answered with an error
    mistakes_at_once: float = 30.0
    turn: float = 5.0  # how long POST /tutor/ask waits for the answer before it to end
    turns: int = 16  # how many wait
    answer_within: float = 120.0
    slow: float = 20.0  # for one message to leave towards a slow reader
    buffered: int = 512  # messages kept for `resume`
    buffered_bytes: int = 262_144
    remembered: float = 900.0  # how long a conversation without sockets is kept in memory
    known: int = 500  # newest questions whose ids are known without asking the database
    largest: int = 4 * LONGEST_MESSAGE  # bytes; a larger message is not even read
    calls_per_user: int = 40  # of a model, a day
    calls_per_day: int = 1_000  # of all users


HOSTED = Limits()
AT_HOME = Limits(asks_per_second=50.0, asks_at_once=500.0)
