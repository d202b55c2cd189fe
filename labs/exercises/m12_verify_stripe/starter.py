# exercise: m12.verify_stripe
from labs.errors import InvalidSignature


def verify_stripe(headers, raw, ring, now):
    """The event that a secret of `ring` has signed; raises InvalidSignature."""
    ...
