# exercise: m4.handshake
import base64
import hashlib
import re

from labs.errors import HandshakeError
from labs.websocket.head import Response

LIMIT = 65_536
KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
ACCEPT_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def refuse(status, why):
    raise HandshakeError(why, "RFC 6455 4.2", status)


def items(fields, name):
    joined = ",".join(value for field, value in fields if field == name)
    return [item.strip() for item in joined.split(",") if item.strip()]


def handshake(received, subprotocols=()):
    head, blank_line, behind = received.partition(b"\r\n\r\n")
    if len(head) >= LIMIT:
        refuse(431, "this head does not end")
    if not blank_line:
        return None
    line, *rest = head.decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3:
        refuse(400, "no request line")
    method, _, version = words
    if version != "HTTP/1.1":
        refuse(505, "HTTP/1.1 only")
    if method != "GET":
        refuse(405, "GET only")
    pairs = [field.partition(":") for field in rest]
    fields = [(name.lower(), value.strip()) for name, _, value in pairs]
    wishes = [item.lower() for item in items(fields, "upgrade")]
    hop = [item.lower() for item in items(fields, "connection")]
    if "websocket" not in wishes or "upgrade" not in hop:
        refuse(426, "this is a WebSocket server")
    if items(fields, "sec-websocket-version") != ["13"]:
        refuse(426, "version 13 only")
    keys = [value for name, value in fields if name == "sec-websocket-key"]
    if len(keys) != 1 or not KEY.fullmatch(keys[0]):
        refuse(400, "one key of 16 bytes in base64")
    digest = hashlib.sha1(keys[0].encode() + ACCEPT_SUFFIX).digest()
    answer = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": base64.b64encode(digest).decode(),
    }
    for offer in items(fields, "sec-websocket-protocol"):
        if offer in subprotocols:
            answer["Sec-WebSocket-Protocol"] = offer
            break
    return Response(101, "Switching Protocols", tuple(answer.items())), behind
