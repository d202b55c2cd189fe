from base64 import b64decode

from labs.errors import HandshakeError
from labs.websocket.handshake import accept
from labs.websocket.head import Response, parse_request, tokens, values


def demand(lawful, status):
    if not lawful:
        raise HandshakeError("this is no handshake", "RFC 6455 4.2.1", status)


def is_key(key):
    try:
        return len(b64decode(key, validate=True)) == 16
    except ValueError:
        return False


def handshake(received, subprotocols=()):
    request = parse_request(received)
    if request is None:
        return None
    said = request.headers
    demand(request.version == "1.1", 505)
    demand(request.method == "GET", 405)
    demand("websocket" in map(str.lower, tokens(said, "Upgrade")), 426)
    demand("upgrade" in map(str.lower, tokens(said, "Connection")), 426)
    demand(values(said, "Sec-WebSocket-Version") == ["13"], 426)
    keys = values(said, "Sec-WebSocket-Key")
    demand(len(keys) == 1 and is_key(keys[0]), 400)
    answer = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    answer.append(("Sec-WebSocket-Accept", accept(keys[0])))
    both = [name for name in subprotocols if name in tokens(said, "Sec-WebSocket-Protocol")]
    answer += [("Sec-WebSocket-Protocol", name) for name in both[:1]]
    return Response(101, "Switching Protocols", tuple(answer)), b""
