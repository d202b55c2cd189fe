# exercise: m4.check
from labs.errors import HandshakeError
from labs.websocket.head import Response


def check_answer(response: Response, key: str) -> None:
    """Returns when the line may be used, else raises HandshakeError."""
    ...
