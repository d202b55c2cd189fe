# exercise: m12.verify_stripe
import hmac
import json

from labs.errors import InvalidSignature
from labs.webhook.rotation import good


def verify_stripe(headers, raw, ring, now):
    found = [value for name, value in headers if name.lower() == "stripe-signature"]
    if len(found) != 1:
        raise InvalidSignature("Stripe-Signature must be there once")
    items = [item.partition("=") for item in found[0].split(",")]
    times = [value for name, _, value in items if name == "t"]
    signatures = [value for name, _, value in items if name == "v1"]
    if len(times) != 1 or not signatures:
        raise InvalidSignature("one t and a v1 must be there")
    timestamp = times[0]
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise InvalidSignature("no count of seconds")
    if abs(now - int(timestamp)) > 300:
        raise InvalidSignature("too far away in time")
    signed = f"{timestamp}.".encode() + raw
    for secret in good(ring, now):
        if not secret:
            continue
        expected = hmac.new(secret.encode(), signed, "sha256").hexdigest()
        for given in signatures:
            if hmac.compare_digest(expected.encode(), given.encode("ascii")):
                return json.loads(raw)
    raise InvalidSignature("no v1 is by a secret of ours")
