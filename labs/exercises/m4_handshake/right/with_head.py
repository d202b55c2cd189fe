# exercise: m4.handshake
import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha1

from labs.errors import HandshakeError
from labs.websocket.handshake import GUID
from labs.websocket.head import Request, Response, parse_request, tokens, values


def handshake(
    received: bytes, subprotocols: Sequence[str] = ()
) -> tuple[Response, bytes] | None:
    """The answer, and the bytes behind the blank line; None: go on reading."""
    request = parse_request(received)  # refuses with 431 what never ends
    if request is None:
        return None
    _look_at_line(request)
    for name, token in ("Upgrade", "websocket"), ("Connection", "upgrade"):
        if token not in map(str.lower, tokens(request.headers, name)):
            raise HandshakeError(f"{name} lacks {token}", "RFC 6455 4.2.1", 426)
    if values(request.headers, "Sec-WebSocket-Version") != ["13"]:
        raise HandshakeError("version 13 is spoken here", "RFC 6455 4.4", 426)
    accept = b64encode(sha1((_key(request) + GUID).encode()).digest()).decode()
    headers = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)]
    offered = tokens(request.headers, "Sec-WebSocket-Protocol")
    if common := [name for name in subprotocols if name in offered]:
        headers.append(("Sec-WebSocket-Protocol", common[0]))
    return Response(101, "Switching Protocols", tuple(headers)), received[request.size :]


def _look_at_line(request: Request) -> None:
    if request.version != "1.1":
        raise HandshakeError("an upgrade needs HTTP/1.1", "RFC 6455 4.1", 505)
    if request.method != "GET":
        raise HandshakeError("the method must be GET", "RFC 6455 4.1", 405)


def _key(request: Request) -> str:
    keys = values(request.headers, "Sec-WebSocket-Key")
    try:
        if len(keys) == 1 and len(b64decode(keys[0], validate=True)) == 16:
            return keys[0]
    except binascii.Error:
        pass
    raise HandshakeError("the key is not 16 bytes in base64, once", "RFC 6455 4.2.1", 400)
