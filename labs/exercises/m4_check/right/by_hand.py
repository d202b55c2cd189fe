# exercise: m4.check
import base64
import hashlib

from labs.errors import HandshakeError


def fields_of(response):
    fields = {}
    for name, value in response.headers:
        fields.setdefault(name.lower(), []).append(value.strip())
    return fields


def expected(key):
    suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.standard_b64encode(hashlib.sha1((key + suffix).encode()).digest()).decode()


def check_answer(response, key):
    fields = fields_of(response)
    upgrade = ",".join(fields.get("upgrade", [])).lower().replace(" ", "").split(",")
    connection = ",".join(fields.get("connection", [])).lower().replace(" ", "").split(",")
    reasons = {
        "no 101": response.status != 101,
        "no websocket": "websocket" not in upgrade,
        "no upgrade": "upgrade" not in connection,
        "another accept value": fields.get("sec-websocket-accept") != [expected(key)],
        "an unasked subprotocol": "sec-websocket-protocol" in fields,
        "an unasked extension": "sec-websocket-extensions" in fields,
    }
    wrong = [reason for reason, holds in reasons.items() if holds]
    if wrong:
        raise HandshakeError(", ".join(wrong))
    return True
