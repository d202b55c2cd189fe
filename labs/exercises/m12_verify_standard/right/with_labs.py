# exercise: m12.verify_standard
from labs.errors import InvalidSignature, LabError
from labs.webhook import signature
from labs.webhook.envelope import parse
import json


def verify_standard(headers, raw, secrets, now):
    try:
        envelope = signature.verify(headers, raw, secrets, now)
    except InvalidSignature:
        raise
    except LabError as ours:
        raise InvalidSignature("we have no usable secret") from ours
    assert envelope == parse(headers, raw)
    return json.loads(envelope.body)
