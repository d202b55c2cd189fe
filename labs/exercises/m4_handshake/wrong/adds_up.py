from base64 import b64decode, b64encode
from hashlib import sha1

from labs.errors import HandshakeError
from labs.websocket.head import Response

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def refuse(status, why):
    raise HandshakeError(why, "RFC 6455 4.2", status)


def fields_of(lines):
    fields = []
    for line in lines:
        name, _, value = line.partition(":")
        fields.append((name.lower(), value.strip()))
    return fields


def words(fields, name):
    listed = ",".join(value for field, value in fields if field == name)
    return [word.strip().lower() for word in listed.split(",")]


def key_of(fields):
    keys = [value for name, value in fields if name == "sec-websocket-key"]
    try:
        if len(keys) == 1 and len(b64decode(keys[0], validate=True)) == 16:
            return keys[0]
    except ValueError:
        pass
    refuse(400, "no key of 16 bytes in base64")


def accept_for(key):
    return b64encode(sha1((key + GUID).encode()).digest()).decode()


def protocol_for(fields, subprotocols):
    offered = words(fields, "sec-websocket-protocol")
    for name in subprotocols:
        if name in offered:
            return [("Sec-WebSocket-Protocol", name)]
    return []


so_far = bytearray()


def handshake(received, subprotocols=()):
    so_far.extend(received)
    received = bytes(so_far)
    end = received.find(b"\r\n\r\n")
    if end < 0:
        if len(received) >= 65_536:
            refuse(431, "a head without an end")
        return None
    first, *lines = received[:end].decode("latin-1").split("\r\n")
    method, _, version = (first + "  ").split(" ")[:3]
    if not version.startswith("HTTP/"):
        refuse(400, "no HTTP")
    if version != "HTTP/1.1":
        refuse(505, "HTTP/1.1 only")
    so_far.clear()
    if method != "GET":
        refuse(405, "GET only")
    fields = fields_of(lines)
    if "websocket" not in words(fields, "upgrade"):
        refuse(426, "no websocket in Upgrade")
    if "upgrade" not in words(fields, "connection"):
        refuse(426, "no upgrade in Connection")
    if words(fields, "sec-websocket-version") != ["13"]:
        refuse(426, "version 13 only")
    headers = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", accept_for(key_of(fields))),
        *protocol_for(fields, subprotocols),
    ]
    return Response(101, "Switching Protocols", tuple(headers)), received[end + 4 :]
