# exercise: m12.verify_standard
import hmac
import json
from base64 import b64decode, b64encode
from hashlib import sha256

from labs.errors import InvalidSignature


def one(headers, name):
    values = [value for key, value in headers if key.lower() == name]
    if len(values) != 1 or not values[0]:
        raise InvalidSignature(f"{name} must be there once")
    return values[0]


def verify_standard(headers, raw, secrets, now):
    webhook_id = one(headers, "webhook-id")
    timestamp = one(headers, "webhook-timestamp")
    signatures = one(headers, "webhook-signature").split(" ")
    if "." in webhook_id:
        raise InvalidSignature("a dot in the id")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise InvalidSignature("no count of seconds")
    signed = f"{webhook_id}.{timestamp}.".encode("utf-8", "replace") + raw
    for secret in secrets:
        key = b64decode(secret.removeprefix("whsec_"))
        if not key:
            continue
        expected = "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()
        for given in signatures:
            if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
                return json.loads(raw)
    raise InvalidSignature("no signature is by a secret of ours")
