from labs.errors import HandshakeError
from labs.websocket.handshake import accept
from labs.websocket.head import tokens, values


def check_answer(response, key):
    said, expected = response.headers, accept(key)
    found = values(said, "Sec-WebSocket-Accept") or [expected]
    switch = tokens(said, "Connection") + tokens(said, "Upgrade")
    if not {"upgrade", "websocket"} <= set(map(str.lower, switch)):
        raise HandshakeError("no switch to WebSocket", "RFC 6455 4.1")
    for name in "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions":
        if response.status != 101 or values(said, name):
            raise HandshakeError("not what was asked for", "RFC 6455 4.1")
    if found != [expected]:
        raise HandshakeError("another accept value", "RFC 6455 4.1")
