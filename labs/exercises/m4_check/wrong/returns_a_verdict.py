from base64 import b64encode
from hashlib import sha1

from labs.errors import HandshakeError

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def refuse(why):
    return False


def values(headers, name):
    return [value for field, value in headers if field.lower() == name]


def words(headers, name):
    return [word.strip().lower() for word in ",".join(values(headers, name)).split(",")]


def expected(key):
    return b64encode(sha1((key + GUID).encode()).digest()).decode()


def check_answer(response, key):
    headers = response.headers
    if response.status != 101:
        return refuse("no 101")
    if "websocket" not in words(headers, "upgrade"):
        return refuse("no websocket in Upgrade")
    if "upgrade" not in words(headers, "connection"):
        return refuse("no upgrade in Connection")
    if values(headers, "sec-websocket-accept") != [expected(key)]:
        return refuse("another accept value")
    if values(headers, "sec-websocket-protocol"):
        return refuse("a subprotocol that nobody offered")
    if values(headers, "sec-websocket-extensions"):
        return refuse("an extension that nobody offered")
