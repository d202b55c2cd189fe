# exercise: m4.handshake
import asyncio
from base64 import b64encode
from binascii import Error, a2b_base64
from email.parser import BytesHeaderParser
from hashlib import sha1

from labs.errors import HandshakeError
from labs.websocket.head import Response


def end_of_head(received):
    """Byte by byte, for whoever does not trust `find`."""
    for end in range(len(received)):
        if end >= 65_536:
            break
        if received[end : end + 4] == b"\r\n\r\n":
            return end
    if len(received) >= 65_536:
        raise HandshakeError("64 KiB and no end", "RFC 9110 5.4", 431)
    return None


async def handshake(received, subprotocols=()):
    await asyncio.sleep(0.01)  # an answer may take its time
    end = end_of_head(received)
    if end is None:
        return None
    line, _, fields = received[:end].partition(b"\r\n")
    if line.count(b" ") != 2:
        raise HandshakeError("this is no HTTP", "RFC 9112 3", 400)
    if not line.endswith(b" HTTP/1.1"):
        raise HandshakeError("HTTP/1.1, please", "RFC 6455 4.1", 505)
    if not line.startswith(b"GET "):
        raise HandshakeError("GET, please", "RFC 6455 4.1", 405)
    message = BytesHeaderParser().parsebytes(fields + b"\r\n\r\n")

    def listed(name):
        return [item.strip() for line in message.get_all(name, []) for item in line.split(",")]

    def wants(name, token):
        return any(item.lower() == token for item in listed(name))

    if not (wants("upgrade", "websocket") and wants("connection", "upgrade")):
        raise HandshakeError("Upgrade is required", "RFC 9110 15.5.22", 426)
    if listed("sec-websocket-version") != ["13"]:
        raise HandshakeError("13 is the version", "RFC 6455 4.4", 426)
    try:
        (key,) = [value.strip() for value in message.get_all("sec-websocket-key", [])]
        nonce = a2b_base64(key, strict_mode=True)
    except (ValueError, Error) as error:
        raise HandshakeError(f"the key: {error}", "RFC 6455 4.2.1", 400) from error
    if len(nonce) != 16:
        raise HandshakeError("16 bytes, please", "RFC 6455 4.2.1", 400)
    accept = b64encode(sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())
    headers = [
        ("connection", "upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-accept", accept.decode()),
    ]
    both = [name for name in listed("sec-websocket-protocol") if name in subprotocols]
    headers += [("sec-websocket-protocol", name) for name in both[:1]]
    return Response(101, "Go on", tuple(headers)), bytes(received[end + 4 :])
