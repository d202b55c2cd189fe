# exercise: m4.handshake
from collections.abc import Sequence

from labs.errors import HandshakeError
from labs.websocket.head import Response


def handshake(
    received: bytes,
    subprotocols: Sequence[str] = (),
) -> tuple[Response, bytes] | None:
    """The answer, and the bytes behind the blank line; None: go on reading.

    Raises HandshakeError with the status to refuse with.
    """
    ...
