from base64 import b64encode
from hashlib import sha1

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def values(headers, name):
    return [value for field, value in headers if field.lower() == name]


def words(headers, name):
    return [word.strip().lower() for word in ",".join(values(headers, name)).split(",")]


def expected(key):
    return b64encode(sha1((key + GUID).encode()).digest()).decode()


def check_answer(response, key):
    headers = response.headers
    return (
        response.status == 101
        and "websocket" in words(headers, "upgrade")
        and "upgrade" in words(headers, "connection")
        and values(headers, "sec-websocket-accept") == [expected(key)]
        and not values(headers, "sec-websocket-protocol")
        and not values(headers, "sec-websocket-extensions")
    )
