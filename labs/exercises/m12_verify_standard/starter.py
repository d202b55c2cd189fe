# exercise: m12.verify_standard
from labs.errors import InvalidSignature


def verify_standard(headers, raw, secrets, now):
    """The event that one of `secrets` has signed; raises InvalidSignature."""
    ...
