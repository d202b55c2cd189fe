"""The lifecycle of a conversation, as a table; the protocol's page draws it."""

from labs.lifecycle import Lifecycle

# `connect` and `cut` are the first socket that comes and the last one that goes.
TALK = Lifecycle(
    "a conversation",
    {
        ("away", "connect"): "idle",
        ("away", "forget"): "forgotten",
        ("idle", "ask"): "answering",
        ("idle", "cut"): "away",
        ("answering", "end"): "idle",
        ("answering", "stop"): "stopping",
        ("answering", "cut"): "unheard",
        ("stopping", "end"): "idle",
        ("stopping", "cut"): "unheard",
        ("unheard", "connect"): "answering",
        ("unheard", "end"): "away",
    },
)


class Busy(Exception):
    """Another answer is being given."""


class UnknownAsk(Exception):
    """No answer to this question is being given."""


class NotFinished(Exception):
    """The answer that is asked for again was never finished; `state` says why."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
