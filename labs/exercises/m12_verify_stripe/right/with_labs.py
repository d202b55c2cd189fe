# exercise: m12.verify_stripe
import json

from labs.errors import InvalidSignature
from labs.webhook import schemes
from labs.webhook.providers import PROVIDERS
from labs.webhook.signed_text import Post


def verify_stripe(headers, raw, ring, now):
    known = [each.secret for each in ring if each.since <= now < each.until and each.secret]
    if not known:
        raise InvalidSignature("no secret is good at this time")
    scheme = PROVIDERS["stripe"].signature[0]
    return json.loads(schemes.verify(scheme, Post(tuple(headers), raw), known, now).body)
