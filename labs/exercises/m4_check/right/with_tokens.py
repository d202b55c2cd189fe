# exercise: m4.check
from labs.errors import HandshakeError
from labs.websocket.handshake import accept
from labs.websocket.head import Response, tokens, values


def check_answer(response: Response, key: str) -> None:
    """Returns when the line may be used; raises HandshakeError when it may not."""
    if response.status != 101:
        raise HandshakeError(f"{response.status} is no 101", "RFC 6455 4.1")
    for name, token in ("Upgrade", "websocket"), ("Connection", "upgrade"):
        if token not in map(str.lower, tokens(response.headers, name)):
            raise HandshakeError(f"{name} lacks {token}", "RFC 6455 4.1")
    if values(response.headers, "Sec-WebSocket-Accept") != [accept(key)]:
        raise HandshakeError("the accept value belongs to another key", "RFC 6455 4.1")
    for name in "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol":
        if values(response.headers, name):
            raise HandshakeError(f"{name} was not offered", "RFC 6455 4.1")
