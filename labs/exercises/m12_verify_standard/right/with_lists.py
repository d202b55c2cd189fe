# exercise: m12.verify_standard
import hmac
import json
from base64 import b64decode, b64encode
from hashlib import sha256

from labs.errors import InvalidSignature

NEEDED = "webhook-id", "webhook-timestamp", "webhook-signature"


def verify_standard(headers, raw, secrets, now):
    """The event that one of `secrets` has signed; raises InvalidSignature."""
    found = {name: [v for key, v in headers if key.lower() == name] for name in NEEDED}
    if any(len(values) != 1 for values in found.values()):
        raise InvalidSignature("each of the three headers must be there once")
    webhook_id, timestamp, signatures = (values[0] for values in found.values())
    if not webhook_id or "." in webhook_id:
        raise InvalidSignature("the id must not be empty and holds no dot")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 13):
        raise InvalidSignature("the time is no count of seconds")
    if abs(now - int(timestamp)) > 300:
        raise InvalidSignature("the time is more than 300 s away")
    signed = f"{webhook_id}.{timestamp}.".encode("utf-8", "replace") + raw
    given = [each.encode("utf-8", "replace") for each in signatures.split(" ")]
    for secret in secrets:
        key = b64decode(secret.removeprefix("whsec_"))
        digest = b64encode(hmac.new(key, signed, sha256).digest())
        if key and any(hmac.compare_digest(b"v1," + digest, each) for each in given):
            return json.loads(raw)
    raise InvalidSignature("no signature is by a secret of ours")
