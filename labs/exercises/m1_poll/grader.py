"""What `poll` is put through: quiet and slow answers, tags, errors, and three ways of ending.

Each scenario is a plot that a page plays through, and the checks that look at its story.
"""

from __future__ import annotations

from functools import partial

from labs.exercises.m1_poll.auction import Plot, State, play
from labs.exercises.m1_poll.manners import (
    ends_when_cancelled,
    ends_when_stopped,
    leaves_nothing_behind,
    names_what_it_has,
)
from labs.exercises.m1_poll.rhythm import (
    after_failures,
    keeps_the_ticks,
    one_at_a_time,
    waits_as_asked,
)
from labs.exercises.m1_poll.seen import (
    Check,
    asks_at_once,
    found,
    goes_on,
    shows_each_change_once,
)
from labs.exercises.scenario import Scenario

A, B, C = b"100", b"110", b"120"
QUIET = (State(0, A), State(9, B), State(19, C))
SLOW = (State(0, A), State(9, B, takes=3.0), State(14, B))


def scenario(name: str, did: str, plot: Plot, *checks: Check) -> Scenario:
    """The plot as a scenario: the checks are asked in their order."""
    look = partial(found, plot=plot, checks=checks)
    return Scenario(name, did, partial(play, plot=plot), look, "bidder", seeds=3)


SCENARIOS = (
    scenario(
        "half a minute",
        "A page asks every 5 s, each answer takes 0.5 s, and the price rises twice. There are no "
        "tags.",
        Plot(QUIET),
        asks_at_once,
        goes_on,
        one_at_a_time,
        keeps_the_ticks,
        shows_each_change_once,
        leaves_nothing_behind,
    ),
    scenario(
        "one slow answer",
        "The second answer takes 12 s, longer than two intervals; all others take 0.5 s.",
        Plot((State(0, A), State(4, B, takes=12.0), State(9, C)), length=36.0),
        goes_on,
        one_at_a_time,
        keeps_the_ticks,
        shows_each_change_once,
    ),
    scenario(
        "a page that is busy",
        "The page is busy for 12 s with each body that it is given, and asks for the next one "
        "only then.",
        Plot(QUIET, length=36.0, dawdles=12.0),
        one_at_a_time,
        keeps_the_ticks,
        shows_each_change_once,
    ),
    scenario(
        "tags",
        "Each state has a tag, and a request that names it is answered 304. After 12 s a new "
        "state comes, with a weak tag.",
        Plot((State(0, A, '"a,1"'), State(12, B, 'W/"b2"'))),
        goes_on,
        names_what_it_has,
        shows_each_change_once,
        keeps_the_ticks,
    ),
    scenario(
        "a state without a tag",
        "The first state has a tag, the second has none, and then the first one returns with its "
        "old tag.",
        Plot((State(0, A, '"a1"'), State(9, B), State(19, A, '"a1"'))),
        goes_on,
        names_what_it_has,
        shows_each_change_once,
    ),
    scenario(
        "new tags, old bodies",
        "The price goes 100, 100, 110, 100. Each of the four has a tag of its own.",
        Plot((State(0, A, '"1"'), State(4, A, '"2"'), State(9, B, '"3"'), State(19, A, '"4"'))),
        goes_on,
        shows_each_change_once,
        names_what_it_has,
    ),
    scenario(
        "come back later",
        "The third request is answered 503 with Retry-After: 12, and a body that says so.",
        Plot(
            (
                State(0, A, '"a1"'),
                State(9, b"busy", status=503, retry_after="12"),
                State(14, B, '"b2"'),
            ),
            length=46.0,
        ),
        goes_on,
        waits_as_asked,
        names_what_it_has,
        shows_each_change_once,
    ),
    scenario(
        "too many requests",
        "The third request is answered 429 with Retry-After: 7.",
        Plot(
            (
                State(0, A),
                State(9, b"slow down", status=429, retry_after="7"),
                State(14, A),
                State(24, B),
            ),
            length=36.0,
        ),
        goes_on,
        waits_as_asked,
        shows_each_change_once,
    ),
    scenario(
        "trouble",
        "From second 9 to second 21 auction refuses connections; later one request is answered "
        "500. In between and afterwards all is well.",
        Plot(
            (
                State(0, A, '"a1"'),
                State(24, A),
                State(29, b"oops", status=500),
                State(34, B, '"b2"'),
            ),
            length=41.0,
            refused=(9.0, 21.0),
        ),
        goes_on,
        after_failures,
        names_what_it_has,
        shows_each_change_once,
        keeps_the_ticks,
    ),
    scenario(
        "stopped while it waits",
        "`stop` is set after 12.3 s, between two ticks.",
        Plot(QUIET, stopped=12.3),
        ends_when_stopped,
    ),
    scenario(
        "stopped under way",
        "The third answer takes 3 s, and `stop` is set one second after its request.",
        Plot(SLOW, stopped=11.3),
        ends_when_stopped,
    ),
    scenario(
        "stopped beforehand",
        "`stop` is set before anybody iterates.",
        Plot(QUIET, stopped=0.0),
        ends_when_stopped,
    ),
    scenario(
        "cancelled while it waits",
        "The page's task is cancelled after 12.3 s, between two ticks.",
        Plot(QUIET, cancelled=12.3),
        ends_when_cancelled,
    ),
    scenario(
        "cancelled under way",
        "The third answer takes 3 s, and the page's task is cancelled one second after its "
        "request.",
        Plot(SLOW, cancelled=11.3),
        ends_when_cancelled,
    ),
)
