"""One question over the tutor's socket, from a kernel: messages as they come."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress

from course.tutor import protocol
from course.tutor.notebook.service import NotAnswered, Service
from course.tutor.protocol import Ask, Done, Down, Error, Start, Stop

SILENCE = 60.0  # seconds without any message, after which nobody is there


def asked(
    service: Service, question: str, mode: str, context: Mapping[str, str | int]
) -> Generator[Down, None, None]:
    """The messages of the answer, from `start` to its end. Raises NotAnswered.

    Interrupting the kernel stops the answer too.
    """
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect
    from websockets.typing import Origin, Subprotocol

    ask = Ask(uuid.uuid4().hex, question, mode, context)
    try:
        with connect(
            service.socket(),
            origin=Origin(service.origin),
            subprotocols=[Subprotocol(protocol.SUBPROTOCOL)],
            proxy=None,
        ) as socket:
            socket.send(protocol.formatted(ask))
            try:
                yield from _of(ask, lambda: str(socket.recv(SILENCE)))
            except KeyboardInterrupt:
                with suppress(WebSocketException):
                    socket.send(protocol.formatted(Stop(ask.id)))
                raise
    except (OSError, TimeoutError, WebSocketException) as error:
        raise NotAnswered(f"The tutor's line broke: {error}.") from None


def _of(ask: Ask, line: Callable[[], str]) -> Generator[Down, None, None]:
    """What belongs to this question; another panel of the learner's may be answered meanwhile."""
    ours = False
    while True:
        message = protocol.parse_down(line())
        if isinstance(message, Start):
            ours = message.id == ask.id
        failed = isinstance(message, Error) and message.id in (None, ask.id)
        if ours or failed:
            yield message
        if failed or (ours and isinstance(message, Done | Error)):
            return
