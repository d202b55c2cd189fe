"""Every error of the laboratory, split by whose fault it is.

    LabError
    ├── WireError              what the peer sent breaks the contract
    │   ├── HandshakeError     ... of an opening handshake; carries the HTTP status to answer with
    │   ├── FrameError         ... of a WebSocket connection; carries the close code to fail it with
    │   ├── EventStreamError   ... of an event stream
    │   ├── ConditionError     ... of a conditional request, or of the wait that an answer asks for
    │   ├── ValidationError    ... of the handshake that asks whether a URL wants events
    │   ├── EnvelopeError      ... of a webhook's headers and body
    │   │   └── AlteredEvent   ... an id that came before came again with other bytes
    │   └── InvalidSignature   ... of a webhook's signature: the caller is nobody we know
    ├── IllegalMove            our own fault: the lifecycle has no such step
    └── WorldError             the program cannot go on in this world
        ├── Deadlock           everybody waits and nothing can ever happen
        ├── OutOfTime          the run reached its last permitted second
        ├── BlockingCall       a call held up every machine at once
        └── Escape             the program reached for the world outside

Facts stand in fields, the sentence in `str(error)`: lower case, no full stop.
"""

from __future__ import annotations


class LabError(Exception):
    """The one class to catch for whatever this laboratory raises on purpose."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says

    def __str__(self) -> str:
        return self.says


class WireError(LabError):
    """What the peer sent breaks a contract: `says` how, `rule` is the section that forbids it."""

    def __init__(self, says: str, rule: str = "") -> None:
        super().__init__(says)
        self.args = (says, rule)
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.says} ({self.rule})" if self.rule else self.says


class HandshakeError(WireError):
    """An opening handshake that must be refused; a server answers it with `status`."""

    def __init__(self, says: str, rule: str = "", status: int = 400) -> None:
        super().__init__(says, rule)
        self.args = (says, rule, status)
        self.status = status


class FrameError(WireError):
    """Bytes that no peer may send here; the connection is failed with `close_code`."""

    def __init__(self, says: str, rule: str = "", close_code: int = 1002) -> None:
        super().__init__(says, rule)
        self.args = (says, rule, close_code)
        self.close_code = close_code


class EventStreamError(WireError):
    """An event stream that cannot be read on: a line or an event beyond the agreed size."""


class ConditionError(WireError):
    """A field of a conditional request or of its answer that cannot be read: a tag, a wait."""


class ValidationError(WireError):
    """A validation handshake that must not succeed: the question is not ours, or the answer."""


class EnvelopeError(WireError):
    """A webhook request whose headers or body are not what the contract promises."""


class AlteredEvent(EnvelopeError):
    """An event whose id was received before with another body: an alarm, not a duplicate."""


class InvalidSignature(WireError):
    """A webhook that nobody we share a secret with has signed, lately, in this form."""


class IllegalMove(LabError):
    """A step that the lifecycle does not have: nothing happens to `state` on `event`."""

    def __init__(self, lifecycle: str, state: str, event: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{lifecycle} that is {state} cannot take '{event}'")
        self.args = (lifecycle, state, event, allowed)
        self.lifecycle, self.state, self.event, self.allowed = lifecycle, state, event, allowed

    def __str__(self) -> str:
        listed = ", ".join(f"'{event}'" for event in self.allowed)
        return f"{self.says}; it can take {listed}" if listed else f"{self.says}; this is the end"


class WorldError(LabError):
    """The program cannot go on in this world; `says` what it did and what to do instead."""


class Deadlock(WorldError):
    """Everybody waits, nothing is on the wire and no timer runs: nothing can ever happen."""


class OutOfTime(WorldError):
    """The run reached the last second it was given."""


class BlockingCall(WorldError):
    """A call that did not yield held up every machine of the world."""


class Escape(WorldError):
    """The program reached for something outside the world: a real socket, file or process."""
