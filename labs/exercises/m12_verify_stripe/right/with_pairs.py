# exercise: m12.verify_stripe
import hmac
import json

from labs.errors import InvalidSignature
from labs.webhook.rotation import good


def verify_stripe(headers, raw, ring, now):
    """The event that a secret of `ring` has signed; raises InvalidSignature."""
    found = [value for name, value in headers if name.lower() == "stripe-signature"]
    if len(found) != 1:
        raise InvalidSignature("Stripe-Signature must be there once")
    items = [item.partition("=") for item in found[0].split(",")]
    times = [value for name, _, value in items if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 13):
        raise InvalidSignature("t must be there once, as a count of seconds")
    if abs(now - int(times[0])) > 300:
        raise InvalidSignature("the time is more than 300 s away")
    signed = times[0].encode() + b"." + raw
    given = [value.encode("utf-8", "replace") for name, _, value in items if name == "v1"]
    for secret in filter(None, good(ring, now)):
        digest = hmac.new(secret.encode(), signed, "sha256").hexdigest().encode()
        if any(hmac.compare_digest(digest, each) for each in given):
            return json.loads(raw)
    raise InvalidSignature("no v1 is by a secret that is good today")
